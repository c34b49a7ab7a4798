import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { keepMemoryOutOfCoreDumps } from '../../../core/pkcs11/core-dumps';
import { keepInspectorShut } from '../../../core/pkcs11/no-inspector';
import { leaveToken, openDataApplication, type DataApplication } from '../../../core/pkcs11/data-login';
import { makeFlags } from './flags';
import type { BeginMessage, MakeKeyMessage, ThreadData } from './messages';
import { endProcess } from './thread';
import type { Upstairs } from './upstairs';

/**
 * The main thread of an HSM process: it logs in and out, and hands flags to the threads that do the work.
 * @param entry the file that a thread runs: that of its process
 */
export function runProcess(entry: string, upstairs: Upstairs): void {
  keepInspectorShut();
  keepMemoryOutOfCoreDumps('HSM process');
  const flags = makeFlags();
  let application: DataApplication | null = null;

  const { tell } = upstairs;

  function startThreads({ threads, module, iv, mechanism }: BeginMessage): void {
    const start = (fd: number | null, isLifeline: boolean): Worker => {
      const workerData: ThreadData = { fd, isLifeline, module, iv, mechanism, flags: flags.shared };
      // A thread that fails has lost its place: the proxy replaces the process.
      return new Worker(entry, { workerData, execArgv: [] }).on('error', endProcess);
    };
    upstairs.startThreads(threads, start);
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

  upstairs.onMessage((message) => {
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
  upstairs.onGone(endProcess);
  // Ctrl-C and service managers signal the whole group: when this process ends, the proxy decides.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // An orderly exit would wait for threads that wait for the library.
  process.on('uncaughtException', (error) => {
    writeSync(2, `${error.name}\n`);
    endProcess();
  });
}
