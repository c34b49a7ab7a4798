import { run } from '../../proxy/run/run';
import { places } from './service-places';

/** `keyrite proxy` in a process of its own, without the terminal around it: `SETTINGS HSM-PROCESS`. */
const [settingsFile = '', hsmProcess = ''] = process.argv.slice(2);

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const end = await run(
  { settingsFile, checkOnly: false, makeHealthKey: false },
  {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: false,
    signal: stop.signal,
  },
  places(hsmProcess),
);
process.stdout.write(`end: ${end}\n`);
if (process.connected) process.disconnect();
