import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../../core/contract/result';
import type { ProxyChild } from '../../core/supervision/launch';
import { openPolicyTrials } from '../../electron/policy-trials';
import { auditFolder, lines, logged } from '../proxy/authorize/logged';
import { removeTemporaryFolders } from '../proxy/authorize/policy-folder';
import { buildEntries, type BuiltEntries } from '../softhsm/build-child';

const SNAPE = 'arn:aws:iam::111122223333:user/snape';
const POLICY = `@id("everybody")
permit (principal, action, resource);
@id("no-snape")
forbid (principal, action, resource) when { principal.arn == "${SNAPE}" };
`;

let built: BuiltEntries;
let folder = '';
const children: { readonly pid: number; readonly ended: Promise<void> }[] = [];

/** The process as a fork of Node; in the app it is a utility process. */
function launch(entry: string): ProxyChild {
  const child = fork(entry, [], {
    env: {},
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  children.push({ pid: child.pid ?? 0, ended: new Promise((resolve) => child.once('exit', () => resolve())) });
  return {
    pid: () => child.pid ?? null,
    post: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code, signal) => listener(code, signal ?? `exit ${String(code)}`)),
    end: () => void child.kill('SIGKILL'),
  };
}

/** A process that does what `code` says instead of trying a policy. */
function strange(code: string): () => ProxyChild {
  const entry = join(folder, `${Buffer.from(code).toString('hex').slice(0, 60)}.mjs`);
  writeFileSync(entry, code);
  return () => launch(entry);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-trials-'));
  built = await buildEntries({ 'policy-trial': 'proxy/policy-trial.ts' });
});

afterAll(async () => {
  await Promise.all(children.map(({ ended }) => ended));
  rmSync(folder, { recursive: true, force: true });
  await removeTemporaryFolders();
  await built.remove();
});

const HANGS = `process.on('message', () => undefined);`;
const order = { text: POLICY, audit: '', newest: 100 };

describe('a trial of a policy', () => {
  it('is made by a process of its own, which answers what would change and is gone then', async () => {
    const audit = await auditFolder(lines(logged(), logged({ caller: SNAPE })));
    const trials = openPolicyTrials(() => launch(built.path('policy-trial')));
    expect(await trials.run({ ...order, audit })).toMatchObject({
      value: {
        kind: 'replayed',
        policies: 2,
        replay: { judged: 2, refused: { requests: 1, rows: [{ caller: SNAPE, policy: 'no-snape' }] }, allowed: { requests: 0 } },
      },
    });
    await children.at(-1)?.ended;
    expect(await trials.run({ ...order, audit, text: 'permit (' })).toMatchObject({ value: { kind: 'problems' } });
    await children.at(-1)?.ended;
  });

  it('survives a policy that runs the engine out of its stack, with a problem that says so', async () => {
    const audit = await auditFolder(lines(logged()));
    const deep = `permit (principal, action, resource) when { ${'('.repeat(20_000)}true${')'.repeat(20_000)} };`;
    const trials = openPolicyTrials(() => launch(built.path('policy-trial')));
    expect(await trials.run({ ...order, audit, text: deep })).toMatchObject({ value: { kind: 'problems' } });
  });

  it('is given up where the order does not fit, and by whoever asked where nothing comes', async () => {
    const trials = openPolicyTrials(() => launch(built.path('policy-trial')));
    expect(await trials.run({ ...order, newest: 0 })).toEqual(failure('proxy.trialGivenUp', { why: 'exit 2' }));
    expect(await openPolicyTrials(strange(HANGS), 100).run(order)).toEqual(failure('proxy.trialGivenUp', { why: 'timeout' }));
    await children.at(-1)?.ended;
  });

  it('believes no answer that is not one', async () => {
    const says = (answer: unknown) => strange(`process.on('message', () => process.send(${JSON.stringify(answer)}));`);
    const empty = { requests: 0, rows: [], unlisted: 0 };
    for (const answer of [
      { kind: 'replayed' },
      { kind: 'problems', problems: [] },
      { kind: 'noLog', problem: 'x'.repeat(5000) },
      { kind: 'noLog', problem: 'x', more: 1 },
      { kind: 'replayed', policies: 1, replay: { refused: empty, allowed: empty } },
    ])
      expect(await openPolicyTrials(says(answer)).run(order)).toEqual(failure('proxy.trialGivenUp', { why: 'answer' }));
  });

  it('is ended by the next one, and by whoever goes away', async () => {
    const trials = openPolicyTrials(strange(HANGS));
    const first = trials.run(order);
    const second = trials.run(order);
    expect(await first).toEqual(failure('input.cancelled'));
    trials.stop();
    expect(await second).toEqual(failure('input.cancelled'));
    await Promise.all(children.slice(-2).map(({ ended }) => ended));
    trials.stop();
  });
});
