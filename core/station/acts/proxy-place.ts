import { lstat } from 'node:fs/promises';
import path, { join, posix, type PlatformPath } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import { errnoOf } from '../../pack/disk-failure';
import type { StationProxy } from '../proxy-port';
import type { ActContext } from './act';
import { storePlan } from './store-plan';

/** Where the files of a proxy lie while it is set up: the folder it runs from, or one that leaves this station on a medium. */
export interface ProxyPlace {
  readonly folder: string;
  readonly secrets: string;
  readonly tls: string;
  readonly settings: string;
  /** what it runs by, beside its settings: later ceremonies begin with it */
  readonly plan: string;
  readonly policy: string;
  readonly certificate: string;
  readonly tlsKey: string;
  /** of the authority that signed a practice certificate */
  readonly authority: string;
}

/** `paths`: those of the system that the folder is on, which may be another than this one. */
export function placeIn(folder: string, paths: PlatformPath = path): ProxyPlace {
  const join = (...names: string[]) => paths.join(...names);
  const tls = join(folder, 'tls');
  return {
    folder,
    secrets: join(folder, 'secrets'),
    tls,
    settings: join(folder, 'settings.toml'),
    plan: join(folder, 'plan.json'),
    policy: join(folder, 'policy.cedar'),
    certificate: join(tls, 'certificate.pem'),
    tlsKey: join(tls, 'key.pem'),
    authority: join(tls, 'authority.pem'),
  };
}

/** Where the files of a server lie on it (resources/templates/systemd). */
export const ON_SERVER: ProxyPlace = placeIn('/etc/keyrite-proxy', posix);

/** Settings that no ceremony wrote belong to a proxy that somebody set up by hand: it shall not end because of a rehearsal. */
export async function isSetUpByHand({ settings, plan }: ProxyPlace): Promise<boolean> {
  const isThere = (path: string): Promise<boolean> =>
    lstat(path).then(
      () => true,
      (error: unknown) => errnoOf(error) !== 'ENOENT',
    );
  return (await isThere(settings)) && !(await isThere(plan));
}

/** Where a ceremony makes secrets, keys and certificates: its own private folder, which goes with the seal, however it ended. */
export function preparedPlace({ privateFolder }: Pick<ActContext, 'privateFolder'>): ProxyPlace {
  return placeIn(join(privateFolder, 'proxy'));
}

/** For a proxy here the folder it runs from; for servers nothing but what is prepared for them. */
export async function proxyPlace(context: Pick<ActContext, 'state' | 'proxy' | 'privateFolder'>): Promise<Result<ProxyPlace>> {
  if (storePlan(context.state).place === 'server') return success(preparedPlace(context));
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  const folder = await proxy.value.folder();
  return folder.ok ? success(placeIn(folder.value)) : folder;
}

/** The proxy of this station; a station without one cannot run acts on it. */
export function ownProxy({ proxy }: Pick<ActContext, 'proxy'>): Result<StationProxy> {
  return proxy === null ? failure('proxy.notRunning') : success(proxy);
}

/** The same where a ceremony begins with it: one for practice is not what a record of production shall be about. */
export async function proxyToBeginWith(context: Pick<ActContext, 'state' | 'proxy'>): Promise<Result<StationProxy>> {
  const proxy = ownProxy(context);
  if (!proxy.ok || context.state.runMode !== 'production') return proxy;
  return (await proxy.value.isForPractice()) ? failure('policy.rehearsalOnly', { what: 'the proxy of this station' }) : proxy;
}
