import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { failure, success, type Result } from '../contract/result';
import { diskFailure, errnoOf } from '../pack/disk-failure';
import { lockHolder } from '../pack/lock';
import { controlAddress } from './address';
import { ANSWERS, envelopeSchema, type Answer, type ControlRequest, type ControlVerb } from './contract';
import { exchange, type Exchange } from './exchange';
import { ownFolder } from './own-folder';
import { distrust } from './ownership';
import { PLACE } from './place';
import { requestLine } from './request-line';

/** May be done twice without harm: such a request is sent again when the connection broke before the answer. */
const REPEATABLE: ReadonlySet<ControlVerb> = new Set(['status', 'live', 'kill', 'block', 'logout']);
/** A proxy that is starting or has its hands full of connections is asked again after this. */
const AGAIN_MS = 20;

/**
 * Asks the proxy that runs with this state folder. A PIN in the request is the caller's to overwrite.
 * @returns what it answered, its own refusals included; `proxy.notRunning` (nobody holds the folder's lock); `proxy.notAnswering`
 *   (somebody does, but no answer came within `timeoutMs`); `proxy.foreign` (folder or socket are not ours); `proxy.notUnderstood`
 */
export async function ask<V extends ControlVerb>(
  stateFolder: string,
  request: Extract<ControlRequest, { verb: V }>,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<Result<Answer<V>>> {
  const folder = await ownFolder(stateFolder);
  if (!folder.ok) return folder;
  const line = requestLine(request);
  // it may hold a PIN
  return asked(folder.value, request.verb, line, timeoutMs).finally(() => line.fill(0));
}

async function asked<V extends ControlVerb>(
  folder: string,
  verb: V,
  line: Uint8Array,
  timeoutMs: number,
): Promise<Result<Answer<V>>> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const tried = await attempt(folder, line, Math.max(1, until - performance.now()));
    if (!tried.ok) return tried;
    if (tried.value.kind === 'answer') return understood(verb, tried.value.line);
    if (!(await isHeld(folder))) return failure('proxy.notRunning', { folder });
    const mayRepeat = tried.value.kind === 'refused' || (tried.value.kind === 'broken' && REPEATABLE.has(verb));
    if (!mayRepeat || performance.now() + AGAIN_MS > until) return failure('proxy.notAnswering', { folder });
    await pause(AGAIN_MS);
  }
}

async function attempt(folder: string, line: Uint8Array, timeoutMs: number): Promise<Result<Exchange>> {
  const address = await controlAddress(folder);
  if (!address.ok) return address.error.code === 'file.notFound' ? success({ kind: 'refused', errno: 'ENOENT' }) : address;
  const socket = await ownSocket(address.value);
  if (!socket.ok) return socket;
  return success(socket.value ? await exchange(address.value, line, timeoutMs) : { kind: 'refused', errno: 'ENOENT' });
}

/** Whoever could put a socket of theirs there would answer "killed" and go on serving. */
async function ownSocket(path: string): Promise<Result<boolean>> {
  if (process.platform === 'win32') return success(true);
  try {
    const stats = await lstat(path);
    const reason = stats.isSocket() ? distrust(stats) : 'is not a socket';
    return reason === '' ? success(true) : failure('proxy.foreign', { path, reason });
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? success(false) : diskFailure(error, path);
  }
}

/** A lock that cannot be read is taken for held: to say that nothing runs would be the worse mistake. */
async function isHeld(folder: string): Promise<boolean> {
  try {
    return (await lockHolder(join(folder, PLACE.lock))) !== null;
  } catch {
    return true;
  }
}

function understood<V extends ControlVerb>(verb: V, line: string): Result<Answer<V>> {
  const envelope = envelopeSchema.safeParse(parsed(line));
  if (!envelope.success) return failure('proxy.notUnderstood', { verb });
  if (!envelope.data.ok) return envelope.data;
  const answer = ANSWERS[verb].safeParse(envelope.data.value);
  if (answer.success) return success(answer.data as Answer<V>);
  const [issue] = answer.error.issues;
  return failure('proxy.notUnderstood', { verb, member: issue?.path.join('.') ?? '' });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // no envelope
  }
}
