import { setTimeout as sleep } from 'node:timers/promises';
import { sameBytes } from '../xks/bytes';
import { decryptBody, encryptBody } from './bodies';
import { KMS_TIMEOUT_MS, type Caller } from './caller';
import { plaintextIn, readEncrypted, type Encrypted } from './encrypted';
import { errorNameOf, type Exchange } from './exchange';
import { fails, holds, warns, type Judgement } from './judgement';
import type { Session } from './session';

/** One call of the run. `error`: '' or what it ended with. */
export interface Sample {
  readonly ms: number;
  readonly error: string;
  /** more than one: the first ran into the time-out */
  readonly attempts: number;
}

export interface LatencySummary {
  readonly seconds: number;
  /** calls per second that were wanted */
  readonly rate: number;
  readonly calls: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** calls that took KMS's 250 ms or more, answered or not */
  readonly timeouts: number;
  /** calls that ended with an error, by its name */
  readonly errors: Readonly<Record<string, number>>;
}

/** The smallest value that `share` of all do not exceed (nearest rank); 0 of none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function summarise(samples: readonly Sample[], seconds: number, rate: number): LatencySummary {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const errors: Record<string, number> = {};
  for (const { error } of samples) if (error !== '') errors[error] = (errors[error] ?? 0) + 1;
  return {
    seconds,
    rate,
    calls: samples.length,
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    p99Ms: percentile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? 0,
    timeouts: samples.filter(({ ms, attempts }) => ms >= KMS_TIMEOUT_MS || attempts > 1).length,
    errors,
  };
}

/** AWS advises an alarm above this. */
const ALARM_MS = 200;
/** More errors than this share of the calls are no accident. */
const TOO_MANY = 0.01;

const SLOW = {
  means: 'Calls of KMS run into its time-out; their callers see KMSInvalidStateException.',
  remedy:
    'Look where the time goes (queue, HSM, network to the HSM), and measure from near KMS: this run includes the way from here.',
  kmsSays: 'XKS_PROXY_TIMED_OUT',
};

export function judgeLatency({ calls, p99Ms, timeouts, errors }: LatencySummary): Judgement {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const names = Object.entries(errors).map(([name, count]) => `${count} x ${name}`);
  if (calls === 0) return fails('no call was made');
  if (errors['wrong plaintext']) return fails(names.join(', '), { means: 'Data would be lost or wrong without any error.' });
  if (p99Ms >= KMS_TIMEOUT_MS) return fails(`p99 is ${Math.round(p99Ms)} ms, KMS waits ${KMS_TIMEOUT_MS} ms`, SLOW);
  if (failed > calls * TOO_MANY)
    return fails(names.join(', '), { means: 'KMS’s reliability graph falls, and callers see errors.' });
  if (failed > 0) return warns(names.join(', '));
  if (timeouts > 0) return warns(`${timeouts} of ${calls} calls took ${KMS_TIMEOUT_MS} ms or more`, SLOW);
  if (p99Ms > ALARM_MS) return warns(`p99 is ${Math.round(p99Ms)} ms; AWS advises an alarm above ${ALARM_MS} ms`, SLOW);
  return holds(`p99 is ${Math.ceil(p99Ms)} ms, KMS waits ${KMS_TIMEOUT_MS} ms`);
}

function errorOf(exchange: Exchange): string {
  if (exchange.kind !== 'answer') return exchange.kind;
  return exchange.status === 200 ? '' : errorNameOf(exchange) || `status ${exchange.status}`;
}

async function encryptOnce({ who, keyId }: Session, caller: Caller, { plain }: Encrypted): Promise<Sample> {
  const exchange = await caller.call('Encrypt', keyId, encryptBody(who, { ...plain, wantsIntegrity: true }));
  const isUsable = errorOf(exchange) !== '' || !('problem' in readEncrypted(plain, exchange));
  return { ms: exchange.ms, attempts: exchange.attempts, error: isUsable ? errorOf(exchange) : 'unusable answer' };
}

async function decryptOnce({ who, keyId }: Session, caller: Caller, { plain, sealed }: Encrypted): Promise<Sample> {
  const exchange = await caller.call('Decrypt', keyId, decryptBody(who, sealed));
  const isRight = errorOf(exchange) !== '' || sameBytes(plaintextIn(exchange) ?? new Uint8Array(), plain.plaintext);
  return { ms: exchange.ms, attempts: exchange.attempts, error: isRight ? errorOf(exchange) : 'wrong plaintext' };
}

export interface LatencyRun {
  readonly seconds: number;
  readonly rate: number;
  readonly signal: AbortSignal;
}

/**
 * Encrypt and Decrypt in turn, each started when its time has come and not when the last one answered: a proxy that is slow is asked
 * on, as KMS would. Under way at most as many as two seconds of the rate, so that one which hangs does not eat this machine.
 */
export async function runLatency(
  session: Session,
  caller: Caller,
  sample: Encrypted,
  { seconds, rate, signal }: LatencyRun,
): Promise<LatencySummary> {
  const samples: Sample[] = [];
  const underWay = new Set<Promise<void>>();
  const from = performance.now();
  for (let i = 0; i < seconds * rate && !signal.aborted; i++) {
    const waitMs = from + (i * 1000) / rate - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    if (underWay.size >= rate * 2) await Promise.race(underWay);
    const call = i % 2 === 0 ? encryptOnce : decryptOnce;
    const done: Promise<void> = call(session, caller, sample).then((it) => {
      samples.push(it);
      underWay.delete(done);
    });
    underWay.add(done);
  }
  await Promise.all(underWay);
  return summarise(samples, seconds, rate);
}
