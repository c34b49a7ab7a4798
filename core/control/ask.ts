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

/** May be done twice without harm: such a request is sent again when the connection broke before the answer. */
const REPEATABLE: ReadonlySet<ControlVerb> = new Set(['status', 'live', 'kill', 'block']);
/** A proxy that is starting or has its hands full of connections is asked again after this. */
const AGAIN_MS = 20;

/**
 * Asks the proxy that runs with this state folder.
 * @returns what it answered, its own refusals included; `proxy.notRunning` (nobody holds the folder's lock); `proxy.notAnswering`
 *   (somebody does, but no answer came within `timeoutMs`); `proxy.foreign` (folder or socket are not ours); `proxy.notUnderstood`
 */
export async function ask<V extends ControlVerb>(
  stateFolder: string,
  request: Extract<ControlRequest, { verb: V }>,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<Result<Answer<V>>> {
  const until = performance.now() + timeoutMs;
  const folder = await ownFolder(stateFolder);
  if (!folder.ok) return folder;
  for (;;) {
    const tried = await attempt(folder.value, JSON.stringify(request), Math.max(1, until - performance.now()));
    if (!tried.ok) return tried;
    if (tried.value.kind === 'answer') return understood(request.verb, tried.value.line);
    if (!(await isHeld(folder.value))) return failure('proxy.notRunning', { folder: folder.value });
    const mayRepeat = tried.value.kind === 'refused' || (tried.value.kind === 'broken' && REPEATABLE.has(request.verb));
    if (!mayRepeat || performance.now() + AGAIN_MS > until) return failure('proxy.notAnswering', { folder: folder.value });
    await pause(AGAIN_MS);
  }
}

async function attempt(folder: string, line: string, timeoutMs: number): Promise<Result<Exchange>> {
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
