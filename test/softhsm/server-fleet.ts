import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { childEnvironment } from '../../core/pkcs11/environment';
import { PRACTICE } from '../../core/rehearsal/practice';
import { prepareTokenFolder } from '../../core/rehearsal/softhsm';
import { nodeLaunch } from '../../core/supervision/node-launch';
import { openStationProxy, type SupervisedProxy } from '../../core/supervision/station-proxy';
import type { BuiltEntries } from './build-child';
import { must, profile } from './ground';
import type { XksStation } from './xks-station';

/**
 * A server whose proxy runs by the very files of the OUT medium. There is no root and no systemd in a test: its /etc/keyrite-proxy and
 * /var/lib/keyrite-proxy are below a folder of its own, it listens on a free port of the loopback address, and what LoadCredential=
 * would hand over lies in a folder.
 */
export interface FleetServer {
  readonly name: string;
  readonly port: number;
  readonly proxy: SupervisedProxy;
  /** state folder and audit folder, as the settings name them below the folder of this server */
  readonly state: string;
  readonly audit: string;
  /** its /etc/keyrite-proxy, as root sees it */
  readonly etc: string;
  /** puts the files of the medium over those that are there, as the README says */
  readonly copyFrom: (medium: string) => Promise<void>;
}

/** Servers behind one address, and what leads the calls to each in turns. */
export interface Fleet {
  readonly port: number;
  readonly servers: readonly FleetServer[];
  /** connections go to these alone from now on, as where a balancer holds the others for ill; those to others end */
  readonly leadTo: (servers: readonly FleetServer[]) => void;
  readonly close: () => Promise<void>;
}

const ETC = join('etc', 'keyrite-proxy');

export async function openFleet(
  one: XksStation,
  built: BuiltEntries,
  { medium, names }: { readonly medium: string; readonly names: readonly string[] },
): Promise<Fleet> {
  const servers: FleetServer[] = [];
  for (const name of names) servers.push(await install(one, built, medium, name));
  const balancer = await balance(servers.map(({ port }) => port));
  return {
    port: balancer.port,
    servers,
    leadTo: (some) => balancer.leadTo(some.map(({ port }) => port)),
    close: async () => {
      for (const { proxy } of servers) await proxy.close();
      await balancer.close();
    },
  };
}

async function install(one: XksStation, built: BuiltEntries, medium: string, name: string): Promise<FleetServer> {
  const folder = join(one.home, name);
  const [etc, lib, credentials] = [join(folder, 'etc'), join(folder, 'lib'), join(folder, 'credentials')];
  for (const path of [folder, etc, lib, credentials]) await mkdir(path, { mode: 0o700 });
  // the PIN comes to each server by its own way
  await writeFile(join(credentials, 'pin'), PRACTICE.userPin, { mode: 0o600 });
  let port = 0;
  const copyFrom = async (from: string): Promise<void> => {
    await cp(join(from, ETC), etc, { recursive: true });
    const settings = await readFile(join(etc, 'settings.toml'), 'utf8');
    const here = settings
      .replaceAll('/etc/keyrite-proxy', etc)
      .replaceAll('/var/lib/keyrite-proxy', lib)
      .replace('ip = "0.0.0.0"', 'ip = "127.0.0.1"')
      .replace('port = 443', `port = ${port}`);
    await writeFile(join(folder, 'settings.toml'), here, { mode: 0o600 });
  };
  await copyFrom(medium);
  const token = must(await prepareTokenFolder(join(one.home, 'softhsm'), profile('softhsm')));
  const proxy = openStationProxy({
    folder,
    launch: nodeLaunch(built.path('proxy-child')),
    environment: () => childEnvironment(process.env, [], { ...token.environment, CREDENTIALS_DIRECTORY: credentials }),
  });
  const { listeners } = must(await proxy.start(null));
  port = Number(/:(\d+)$/.exec(listeners[0]?.address ?? '')?.[1]);
  // after a restart it listens where it did
  await copyFrom(medium);
  return { ...{ name, port, proxy, state: lib, audit: join(lib, 'audit'), etc }, copyFrom };
}

interface Balancer {
  readonly port: number;
  readonly leadTo: (ports: readonly number[]) => void;
  readonly close: () => Promise<void>;
}

/** Each connection to the next of them, as a network load balancer does. */
async function balance(all: readonly number[]): Promise<Balancer> {
  let ports = all;
  let turn = 0;
  const ways = new Map<Socket, number>();
  const server = createServer((client) => {
    const port = ports[turn++ % ports.length] ?? 0;
    const host = connect(port, '127.0.0.1');
    ways.set(client, port);
    client.on('close', () => ways.delete(client));
    for (const [from, to] of [
      [client, host],
      [host, client],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (some) => {
      ports = some;
      for (const [client, port] of ways) if (!some.includes(port)) client.destroy();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What people bring on the BACK medium: a copy of the audit folder of each server. */
export async function bringLogs(one: XksStation, servers: readonly FleetServer[]): Promise<void> {
  const top = join(one.media('back'), 'servers');
  await rm(top, { recursive: true, force: true });
  for (const { name, audit } of servers) await cp(audit, join(top, name), { recursive: true });
}

/** The same of what each runs by. */
export async function bringSettings(one: XksStation, servers: readonly FleetServer[]): Promise<void> {
  const top = join(one.media('back'), 'settings');
  await rm(top, { recursive: true, force: true });
  for (const { name, etc } of servers)
    for (const file of ['plan.json', 'settings.toml', 'policy.cedar']) await cp(join(etc, file), join(top, name, file));
}
