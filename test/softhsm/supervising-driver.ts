import { childEnvironment } from '../../core/pkcs11/environment';
import { nodeLaunch } from '../../core/supervision/node-launch';
import { openStationProxy } from '../../core/supervision/station-proxy';

/** A program that supervises a proxy, to be killed by the test: `FOLDER ENTRY PIN`. Prints the pid of the proxy's process when it serves. */
const [folder = '', entry = '', pin = ''] = process.argv.slice(2);

const proxy = openStationProxy({
  folder,
  launch: nodeLaunch(entry),
  environment: () => childEnvironment(process.env, ['SOFTHSM2_CONF']),
});
const started = await proxy.start(new TextEncoder().encode(pin));
process.stdout.write(started.ok ? `${started.value.pid}\n` : `${started.error.code}\n`);
