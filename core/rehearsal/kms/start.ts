import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { diskFailure } from '../../pack/disk-failure';
import { takeLock, type Lock } from '../../pack/lock';
import { clockOf } from './clock';
import { openEndpoint, type Endpoint } from './endpoint';
import { exchange } from './exchange';
import { newFaultList, type Fault } from './faults';
import { resumeConnections } from './conclude-connection';
import type { RehearsalEndpointService } from './endpoint-services';
import { passTime, type Ground } from './ground';
import { startHealthPoll } from './health-poll';
import { newCredentials, REHEARSAL_ACCOUNT, REHEARSAL_CALLER_ARN, type RehearsalCredentials } from './identity';
import { openProxies, type ProxyAt } from './proxies';
import { yes } from './refusal';
import { openStore, type Store } from './store';
import { newThrottle } from './throttle';
import { openTrail } from './trail';
import { makeWrappingPair, type MakeWrappingPair } from './wrapping-pair';

/** A KMS that is no AWS: for practice, tests and demonstrations. Everything it makes says so. */
export interface RehearsalKms {
  /** `000000000000` */
  readonly account: string;
  readonly regions: readonly string[];
  /** `http://127.0.0.1:PORT`, for KMS and STS. Throws for a Region it does not have. */
  endpoint(region: string): string;
  readonly credentials: RehearsalCredentials;
  readonly callerArn: string;
  /** Credentials of somebody else of the account, by ARN: for rehearsing who may not. They end with this start. */
  credentialsOf(principalArn: string): RehearsalCredentials;
  /** Moves the clock forward, by whole milliseconds (RangeError for anything else), and does what comes due: expiry, deletion. Signatures go by the real clock. */
  advance(ms: number): Promise<void>;
  now(): Date;
  fail(fault: Fault): void;
  clearFaults(): void;
  /** CloudTrail files (gzip, `Records`) in AWS's layout; whatever was answered is in them */
  readonly trailFolder: string;
  /** Ends: answers what is under way, writes what is noted, gives the folder free. */
  stop(): Promise<void>;
}

export interface RehearsalKmsOptions {
  /** its state; another start with the same folder goes on with the same keys */
  readonly folder: string;
  readonly regions: readonly string[];
  /** the quota of GetParametersForImport: one call in four seconds */
  readonly throttle?: boolean;
  /** key policies are enforced: calls they do not allow are AccessDeniedException */
  readonly enforcePolicies?: boolean;
  /** where wrapping keys come from; without it each call makes its own */
  readonly makeWrappingPair?: MakeWrappingPair;
  /** where the proxies of external key stores are, asked anew at each call; without it, or where it answers null, a proxy is unreachable */
  readonly proxyAt?: ProxyAt;
  /** what is behind the VPC endpoint services that key stores name; without it there is none */
  readonly endpointServices?: () => readonly RehearsalEndpointService[];
  /** for one attempt of a proxy's call; KMS allows 250, and so does this without another wish */
  readonly proxyTimeoutMs?: number;
  /** how long a key store is CONNECTING and DISCONNECTING at least, by the clock of the rehearsal; AWS takes minutes, this nothing */
  readonly connectLagMs?: number;
  /** polls the health of connected proxies, as KMS does every few minutes; never without this */
  readonly healthPollMs?: number;
}

/**
 * Starts a KMS for each Region, on loopback addresses. The state is on disk before a call is answered.
 * Errors: ceremony.alreadyRunning where another process has the folder; aws.rehearsalState; those of the disk.
 */
export async function startRehearsalKms(options: RehearsalKmsOptions): Promise<Result<RehearsalKms>> {
  const folder = resolve(options.folder);
  const lock = await lockFolder(folder);
  if (!lock.ok) return lock;
  const store = await openStore(folder);
  if (!store.ok) {
    await lock.value.release();
    return store;
  }
  return begin(folder, options, store.value, lock.value);
}

async function lockFolder(folder: string): Promise<Result<Lock>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    return diskFailure(error, folder);
  }
  return takeLock(join(folder, 'rehearsal-kms.lock'));
}

async function begin(folder: string, options: RehearsalKmsOptions, store: Store, lock: Lock): Promise<Result<RehearsalKms>> {
  const clock = clockOf(store);
  const stopping = new AbortController();
  const ground: Ground = {
    regions: options.regions,
    store,
    clock,
    trail: openTrail(join(folder, 'rehearsal-trail'), () => clock.now()),
    faults: newFaultList(),
    throttle: options.throttle === true ? newThrottle() : null,
    isPolicyEnforced: options.enforcePolicies ?? false,
    makeWrappingPair: options.makeWrappingPair ?? makeWrappingPair,
    surroundings: {
      proxies: openProxies(options.proxyAt ?? (() => null), options.proxyTimeoutMs),
      endpointServices: options.endpointServices ?? (() => []),
    },
    connectLagMs: options.connectLagMs ?? 0,
    background: new Set(),
    principals: new Map(),
    stopped: stopping.signal,
  };
  const endpoints = await openEndpoints(ground);
  if (!endpoints.ok) {
    await lock.release();
    return endpoints;
  }
  resumeConnections(ground);
  if (options.healthPollMs !== undefined) startHealthPoll(ground, options.healthPollMs);
  return success(handle(ground, endpoints.value, () => end(ground, stopping, endpoints.value, lock)));
}

async function openEndpoints(ground: Ground): Promise<Result<ReadonlyMap<string, Endpoint>>> {
  const endpoints = new Map<string, Endpoint>();
  try {
    for (const region of ground.regions)
      endpoints.set(region, await openEndpoint(region, (request) => exchange(ground, request)));
    return success(endpoints);
  } catch (error) {
    await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
    return failure('aws.unreachable', { problem: error instanceof Error ? error.message : String(error) });
  }
}

function admit({ principals }: Ground, arn: string): RehearsalCredentials {
  const credentials = newCredentials();
  principals.set(credentials.accessKeyId, { arn, secretAccessKey: credentials.secretAccessKey });
  return credentials;
}

function handle(ground: Ground, endpoints: ReadonlyMap<string, Endpoint>, stop: () => Promise<void>): RehearsalKms {
  const { store, clock, trail, faults, regions } = ground;
  let stopping: Promise<void> | null = null;
  return {
    account: REHEARSAL_ACCOUNT,
    regions,
    endpoint: (region) => {
      const endpoint = endpoints.get(region);
      if (!endpoint) throw new RangeError(`This rehearsal KMS has no Region ${region}.`);
      return endpoint.url;
    },
    credentials: admit(ground, REHEARSAL_CALLER_ARN),
    callerArn: REHEARSAL_CALLER_ARN,
    credentialsOf: (principalArn) => admit(ground, principalArn),
    advance: async (ms) => {
      if (!Number.isSafeInteger(ms) || ms < 0)
        throw new RangeError('The clock of a rehearsal goes forward, by whole milliseconds.');
      await store.change((draft) => {
        draft.clockAheadMs += ms;
        return yes(null);
      });
      await passTime(ground);
      await trail.flush();
    },
    now: () => new Date(clock.now()),
    fail: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    trailFolder: trail.folder,
    stop: () => (stopping ??= stop()),
  };
}

async function end(
  { store, trail, surroundings, background }: Ground,
  stopping: AbortController,
  endpoints: ReadonlyMap<string, Endpoint>,
  lock: Lock,
): Promise<void> {
  stopping.abort();
  surroundings.proxies.close();
  await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
  await Promise.all(background);
  await store.close();
  await trail.flush();
  await lock.release();
}
