import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TranscriptEvent } from '../../../core/evidence/event';
import { openAudit, type Audit } from '../../../proxy/audit/audit';
import { REAL_DISK, type AuditDisk, type AuditFile } from '../../../proxy/audit/audit-disk';
import type { RequestRecord } from '../../../proxy/request-record';
import type { Settings } from '../../../proxy/settings/settings';

const folders: string[] = [];
const open: Audit[] = [];

/** A folder for one audit log, which is not there yet. */
export async function auditFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-audit-'));
  folders.push(folder);
  return join(folder, 'audit');
}

/** For afterEach. */
export async function clearGround(): Promise<void> {
  await Promise.all(open.splice(0).map((audit) => audit.close()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

export const START = Date.parse('2026-11-23T10:00:00.000Z');

export interface Ground {
  readonly folder: string;
  readonly settings?: Partial<Settings['audit']>;
  readonly disk?: AuditDisk;
  readonly now?: () => number;
}

export async function tryOpen({ folder, settings, disk = REAL_DISK, now = () => START }: Ground): ReturnType<typeof openAudit> {
  const opened = await openAudit(
    { folder, onFailure: 'refuse', fileBytes: 1_000_000, sync: 'second', ...settings },
    { now, disk },
  );
  if (opened.ok) open.push(opened.value);
  return opened;
}

export async function openOn(ground: Ground): Promise<Audit> {
  const opened = await tryOpen(ground);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
}

export function record(kmsRequestId: string, more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    store: 'payments',
    api: 'Encrypt',
    keyId: 'pay-key',
    kmsRequestId,
    kmsOperation: 'GenerateDataKey',
    caller: 'arn:aws:iam::123456789012:user/Alice',
    via: 'ebs',
    kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    vpc: '',
    vpce: '',
    accessKeyId: 'AKIAABCDEFGHIJKLMNOP',
    status: 200,
    outcome: 'ok',
    reason: '',
    policy: '',
    generation: '0123456789abcdef',
    queueMs: 0.012,
    hsmMs: 1.25,
    totalMs: 1.8,
    ...more,
  };
}

export async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== 'lock').sort();
}

/** Every event of the log, in the order of the files; what is no JSON is passed over. */
export async function eventsOf(folder: string): Promise<TranscriptEvent[]> {
  const texts = await Promise.all((await filesOf(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as TranscriptEvent);
}

export async function requestIds(folder: string): Promise<unknown[]> {
  return (await eventsOf(folder)).filter(({ type }) => type === 'request').map(({ data }) => data['kmsRequestId']);
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: from the test`), { code });
}

/** A disk that does what a test says before it does what it is asked. */
export class TestDisk implements AuditDisk {
  /** thrown by the next writes, until it is taken away */
  writeError: Error | null = null;
  cutError: Error | null = null;
  syncError: Error | null = null;
  /** bytes that a failing write leaves in the file all the same */
  partial = 0;
  /** what each write waits for */
  gate: Promise<void> | null = null;
  writes = 0;
  syncs = 0;
  inFlight = 0;
  mostInFlight = 0;

  readonly create = async (path: string): Promise<AuditFile> => this.#wrap(await REAL_DISK.create(path));
  readonly reopen = async (path: string): Promise<AuditFile> => this.#wrap(await REAL_DISK.reopen(path));

  #wrap(file: AuditFile): AuditFile {
    return {
      ...file,
      write: async (bytes, position) => {
        this.writes += 1;
        this.inFlight += 1;
        this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
        await this.gate;
        this.inFlight -= 1;
        if (this.writeError === null) return file.write(bytes, position);
        await file.write(bytes.subarray(0, this.partial), position);
        throw this.writeError;
      },
      cut: (length) => (this.cutError ? Promise.reject(this.cutError) : file.cut(length)),
      sync: () => {
        this.syncs += 1;
        return this.syncError ? Promise.reject(this.syncError) : file.sync();
      },
    };
  }
}

/** A promise and what resolves it. */
export function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, open: () => resolve() };
}
