import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { keepMemoryOutOfCoreDumps } from '../../../core/pkcs11/core-dumps';
import { keepInspectorShut } from '../../../core/pkcs11/no-inspector';
import { leaveToken, openDataApplication, type DataApplication } from '../../../core/pkcs11/data-login';
import type { FromProcess } from '../process-messages';
import { makeFlags } from './flags';
import {
  FIRST_THREAD_FD,
  LIFELINE_FD,
  type BeginMessage,
  type MakeKeyMessage,
  type ThreadData,
  type ToProcess,
} from './messages';
import { endProcess } from './thread';

/** The main thread of an HSM process: it logs in and out, and hands flags to the threads that do the work. */
export function runProcess(): void {
  keepInspectorShut();
  keepMemoryOutOfCoreDumps('HSM process');
  const flags = makeFlags();
  let application: DataApplication | null = null;

  const tell = (message: FromProcess): void => void process.send?.(message);

  function startThreads({ threads, module, iv, mechanism }: BeginMessage): void {
    const start = (fd: number, isLifeline: boolean): void => {
      const workerData: ThreadData = { fd, isLifeline, module, iv, mechanism, flags: flags.shared };
      // A thread that fails has lost its place: the proxy replaces the process.
      new Worker(process.argv[1] ?? '', { workerData, execArgv: [] }).on('error', endProcess);
    };
    start(LIFELINE_FD, true);
    for (let i = 0; i < threads; i++) start(FIRST_THREAD_FD + i, false);
  }

  function begin(message: BeginMessage): void {
    flags.setEpoch(message.epoch);
    startThreads(message);
    const { module, facts, token, pin, mayUseFinalTry } = message;
    const opened = openDataApplication({ module, facts, token, pin, mayUseFinalTry, onLogin: () => tell({ is: 'loggingIn' }) });
    if (!opened.ok) return tell({ is: 'failed', ...opened.error });
    application = opened.value;
    const { slot, token: found } = application;
    tell({ is: 'ready', slot: Buffer.from(slot).toString('hex'), token: found });
  }

  function leave(): void {
    flags.kill();
    if (application !== null) leaveToken(application);
    endProcess();
  }

  async function makeKey(message: MakeKeyMessage): Promise<void> {
    // Rare, and all the policy of keys comes with it: loaded when it is asked for.
    const { makeHealthKey } = await import('./make-health-key');
    tell({ is: 'keyMade', problem: application === null ? 'notReady' : makeHealthKey(application, message) });
  }

  process.on('message', (message: ToProcess) => {
    switch (message.is) {
      case 'begin':
        return begin(message);
      case 'epoch':
        return flags.setEpoch(message.epoch);
      case 'leave':
        return leave();
      case 'makeKey':
        return void makeKey(message).catch(() => tell({ is: 'keyMade', problem: 'fault' }));
    }
  });
  process.on('disconnect', endProcess);
  // Ctrl-C and service managers signal the whole group: when this process ends, the proxy decides.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // An orderly exit would wait for threads that wait for the library.
  process.on('uncaughtException', (error) => {
    writeSync(2, `${error.name}\n`);
    endProcess();
  });
}
