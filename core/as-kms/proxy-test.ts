import { XKS_BASE } from '../xks/uri';
import { exampleCaller, type OnBehalfOf } from './bodies';
import { openCaller, type Caller, type KeyStore } from './caller';
import { judgeLatency, runLatency, type LatencySummary } from './latency';
import { untested, type Judgement } from './judgement';
import type { ProxyCase } from './proxy-case';
import { runCases, type Finding } from './run-cases';
import { openSession, type Session } from './session';
import type { TlsFiles } from './transport';
import { verdictOf, type Verdict } from './verdict';

export interface ProxyTest {
  readonly store: KeyStore;
  readonly keyId: string;
  readonly tls: TlsFiles;
  /** members that differ from AWS's example account */
  readonly who: Partial<OnBehalfOf>;
  readonly cases: readonly ProxyCase[];
  /** 0: no latency run */
  readonly latencySeconds: number;
  readonly rate: number;
  /** per attempt of a call; KMS waits 250 */
  readonly timeoutMs: number;
}

/** Everything, as `--json` prints it. Holds no secret, plaintext or ciphertext. */
export interface ProxyTestReport {
  readonly proxy: {
    readonly url: string;
    readonly path: string;
    readonly key: string;
    readonly region: string;
    readonly accessKeyId: string;
  };
  readonly startedAt: string;
  readonly cases: readonly Finding[];
  /** null: no run was wanted, or the proxy could not be reached */
  readonly latency: Latency | null;
  readonly verdict: Verdict;
}

export interface Latency {
  /** null: there was no ciphertext to decrypt */
  readonly summary: LatencySummary | null;
  readonly judgement: Judgement;
}

async function latencyOf(test: ProxyTest, session: Session, caller: Caller, signal: AbortSignal): Promise<Latency | null> {
  if (test.latencySeconds === 0 || signal.aborted) return null;
  const sample = await session.ciphertext();
  if ('problem' in sample) return { summary: null, judgement: untested(sample.problem) };
  const summary = await runLatency(session, caller, sample, { seconds: test.latencySeconds, rate: test.rate, signal });
  return { summary, judgement: judgeLatency(summary) };
}

function proxyOf({ store, keyId }: ProxyTest): ProxyTestReport['proxy'] {
  const { endpoint, prefix, signer } = store;
  return {
    url: `${endpoint.isTls ? 'https' : 'http'}://${endpoint.authority}`,
    path: prefix + XKS_BASE,
    key: keyId,
    region: signer.region,
    accessKeyId: signer.credential.accessKeyId,
  };
}

/** Runs the cases, then the latency run, against one key store of one proxy, and closes its connections. */
export async function testProxy(test: ProxyTest, signal: AbortSignal): Promise<ProxyTestReport> {
  const startedAt = new Date().toISOString();
  const caller = openCaller(test.store, { tls: test.tls, timeoutMs: test.timeoutMs });
  const who = { ...exampleCaller(test.store.signer.region), ...test.who };
  const session = openSession({ caller, tls: test.tls, keyId: test.keyId, who, now: Date.now });
  try {
    const isReached = (await session.firstHealth()).kind !== 'unreachable';
    const cases = await runCases(test.cases, session, signal);
    const latency = isReached ? await latencyOf(test, session, caller, signal) : null;
    const verdict = verdictOf(cases, latency?.judgement ?? null, isReached);
    return { proxy: proxyOf(test), startedAt, cases, latency, verdict };
  } finally {
    caller.close();
  }
}
