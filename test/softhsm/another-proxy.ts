import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../../core/pkcs11/environment';
import { prepareTokenFolder } from '../../core/rehearsal/softhsm';
import { nodeLaunch } from '../../core/supervision/node-launch';
import { openStationProxy, type SupervisedProxy } from '../../core/supervision/station-proxy';
import type { BuiltEntries } from './build-child';
import { must, profile } from './ground';
import { practicePin, type XksStation } from './xks-station';

/** A second proxy with the keys, the credential and the certificate of a station's own; latch and log are its own. */
export interface AnotherProxy {
  readonly proxy: SupervisedProxy;
  readonly folder: string;
  readonly port: number;
}

export async function anotherProxy(one: XksStation, built: BuiltEntries, name: string): Promise<AnotherProxy> {
  const folder = join(one.home, name);
  await mkdir(folder, { mode: 0o700 });
  const settings = await readFile(join(one.proxyFolder, 'settings.toml'), 'utf8');
  const own = settings
    .replace(/^port = \d+$/m, 'port = 0')
    .replaceAll(join(one.proxyFolder, 'state'), join(folder, 'state'))
    .replaceAll(join(one.proxyFolder, 'audit'), join(folder, 'audit'));
  await writeFile(join(folder, 'settings.toml'), own, { mode: 0o600 });
  const token = must(await prepareTokenFolder(join(one.home, 'softhsm'), profile('softhsm')));
  const proxy = openStationProxy({
    folder,
    launch: nodeLaunch(built.path('proxy-child')),
    environment: () => childEnvironment(process.env, [], token.environment),
  });
  const { listeners } = must(await proxy.start(practicePin()));
  const port = Number(/:(\d+)$/.exec(listeners[0]?.address ?? '')?.[1]);
  // after a crash it listens where it did
  await writeFile(join(folder, 'settings.toml'), own.replace(/^port = 0$/m, `port = ${port}`), { mode: 0o600 });
  return { proxy, folder, port };
}
