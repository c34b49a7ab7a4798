import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { diskFailure } from '../../pack/disk-failure';
import { takeLock, type Lock } from '../../pack/lock';
import { clockOf } from './clock';
import { openEndpoint, type Endpoint } from './endpoint';
import { exchange } from './exchange';
import { newFaultList, type Fault } from './faults';
import { passTime, type Ground } from './ground';
import { newCredentials, REHEARSAL_ACCOUNT, REHEARSAL_CALLER_ARN, type RehearsalCredentials } from './identity';
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
    principals: new Map(),
    stopped: stopping.signal,
  };
  const endpoints = await openEndpoints(ground);
  if (endpoints.ok) return success(handle(ground, endpoints.value, () => end(ground, stopping, endpoints.value, lock)));
  await lock.release();
  return endpoints;
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
  { store, trail }: Ground,
  stopping: AbortController,
  endpoints: ReadonlyMap<string, Endpoint>,
  lock: Lock,
): Promise<void> {
  stopping.abort();
  await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
  await store.close();
  await trail.flush();
  await lock.release();
}
