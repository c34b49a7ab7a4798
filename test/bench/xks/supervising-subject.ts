import { createInterface } from 'node:readline';
import { childEnvironment } from '../../../core/pkcs11/environment';
import { nodeLaunch } from '../../../core/supervision/node-launch';
import { openStationProxy } from '../../../core/supervision/station-proxy';

// `FOLDER ENTRY`; stdin: the PIN, then `start`, `kill` or `arm`, a line each; stdout: a line of JSON for each.

const [folder = '', entry = ''] = process.argv.slice(2);
const ACT = { who: 'bench', why: 'bench' };

const proxy = openStationProxy({
  folder,
  launch: nodeLaunch(entry),
  environment: () => childEnvironment(process.env, ['SOFTHSM2_CONF']),
});

/** @returns whether it went well */
async function done(what: string): Promise<boolean> {
  if (what === 'kill') return (await proxy.kill(ACT)).how === 'acknowledged';
  if (what === 'arm') return (await proxy.ask({ verb: 'arm', act: ACT })).ok;
  return (await proxy.start(new TextEncoder().encode(pin))).ok;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const pin = String((await lines.next()).value);
for await (const what of lines) {
  const at = Date.now();
  const ok = await done(what);
  const { pid } = (await proxy.snapshot()).process;
  process.stdout.write(`${JSON.stringify({ at, ok, pid })}\n`);
}
await proxy.close();
