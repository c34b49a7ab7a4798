import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { diskFailure, errnoOf } from '../../pack/disk-failure';
import { READ_PLAIN, replaceFile } from '../../pack/durable';
import type { Answer } from './refusal';
import { emptyState, stateSchema, type State } from './state';

export const STATE_FILE = 'rehearsal-kms-state.json';

/** The state in memory and on disk. What a reader sees is on disk already. */
export interface Store {
  read(): State;
  /** what `read` answered before the last change: a view that lags behind */
  before(): State;
  /**
   * Lets `act` change a copy. Only when it answers well does the copy reach the disk, and then it is the state. One at a time.
   * Rejects where the disk refuses; the state stays what it was.
   */
  change<T>(act: (draft: State) => Answer<T>): Promise<Answer<T>>;
  /** Changes the state and leaves it to the next change, or to `close`, to write it: for what may be lost in a crash. */
  note(act: (state: State) => void): Promise<void>;
  close(): Promise<void>;
}

/** Opens the state of `folder`, or begins one. Errors: aws.rehearsalState, and those of the disk. */
export async function openStore(folder: string): Promise<Result<Store>> {
  const path = join(folder, STATE_FILE);
  const held = await load(path);
  if (!held.ok) return held;
  try {
    const state = held.value ?? emptyState(randomBytes(32));
    if (held.value === null) await save(path, state);
    return success(storeOf(path, state));
  } catch (error) {
    return diskFailure(error, path);
  }
}

function storeOf(path: string, begun: State): Store {
  let state = begun;
  let before = begun;
  let isNoted = false;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => T | Promise<T>): Promise<T> => {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  };
  const write = async (next: State): Promise<void> => {
    await save(path, next);
    before = state;
    state = next;
    isNoted = false;
  };
  return {
    read: () => state,
    before: () => before,
    change: (act) =>
      inTurn(async () => {
        const draft = structuredClone(state);
        const answer = act(draft);
        if (answer.ok) await write(draft);
        return answer;
      }),
    note: (act) =>
      inTurn(() => {
        act(state);
        isNoted = true;
      }),
    close: () =>
      inTurn(async () => {
        if (isNoted) await write(state);
      }),
  };
}

async function save(path: string, state: State): Promise<void> {
  await replaceFile(path, Buffer.from(`${JSON.stringify(state)}\n`));
}

async function load(path: string): Promise<Result<State | null>> {
  try {
    const file = await open(path, READ_PLAIN);
    const text = await file.readFile('utf8').finally(() => file.close());
    const state = stateSchema.safeParse(JSON.parse(text));
    return state.success ? success(state.data) : damaged(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return success(null);
    return error instanceof SyntaxError ? damaged(path) : diskFailure(error, path);
  }
}

function damaged(path: string): Result<never> {
  return failure('aws.rehearsalState', { path, problem: 'is not the state of a rehearsal KMS' });
}
