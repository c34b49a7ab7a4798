import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STOP_MESSAGE } from '../core/control/supervised';
import type { RoomEnd } from '../core/contract/proxy-room';
import { joinedHsmProcess } from './hsm/joined-process';
import { appHere, parentHere } from './run/parent';
import { run } from './run/run';

/**
 * The proxy as a supervised child: `proxy-child SETTINGS`, forked by a terminal, or started as a utility process by the desktop app.
 * The build puts this file at dist/main/proxy-child.js, beside the entry of the HSM processes (with the same ending) and two folders
 * below `resources`.
 */
const APP = appHere();
const PLACES = {
  hsmProcess: fileURLToPath(new URL(`./hsm-process${extname(import.meta.url)}`, import.meta.url)),
  resources: fileURLToPath(new URL('../../resources', import.meta.url)),
  startHsmProcess: APP && joinedHsmProcess(APP),
};

/** As of `keyrite proxy` (docs/cli.md). */
const EXIT: Readonly<Record<RoomEnd, number>> = { done: 0, no: 1, unusable: 2, lacking: 3, stopped: 130 };

/** Nobody supervises it any more: what has not ended in order by then is ended all the same. */
const ORPHAN_MS = 5_000;

function isStop(message: unknown): boolean {
  return message instanceof Object && Object.keys(STOP_MESSAGE).every((member) => member in message);
}

async function serve(): Promise<number> {
  const parent = parentHere();
  const [settingsFile = ''] = process.argv.slice(2);
  if (parent === null || settingsFile === '') {
    process.stderr.write('This process is started by Keyrite, not by hand. By hand: keyrite proxy --config FILE.\n');
    return EXIT.unusable;
  }
  const stop = new AbortController();
  parent.on('message', (message) => {
    if (isStop(message)) stop.abort();
  });
  process.on('SIGTERM', () => stop.abort());
  // Ctrl-C in a terminal is for whoever supervises this process.
  process.on('SIGINT', () => undefined);
  parent.onGone(() => {
    stop.abort();
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_MS).unref();
  });
  const end = await run(
    { settingsFile, checkOnly: false, makeHealthKey: false },
    {
      out: (text) => void process.stdout.write(`${text}\n`),
      err: (text) => void process.stderr.write(`${text}\n`),
      isTerminal: false,
      signal: stop.signal,
    },
    PLACES,
    parent,
  );
  return EXIT[end];
}

process.exit(await serve());
