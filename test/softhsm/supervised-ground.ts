import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../core/pkcs11/environment';
import type { Result } from '../../core/contract/result';
import { nodeLaunch } from '../../core/supervision/node-launch';
import { openStationProxy, type StationProxyOptions, type SupervisedProxy } from '../../core/supervision/station-proxy';
import { PIN } from '../bench/xks/token.mjs';
import { buildEntries, type BuiltEntries } from './build-child';
import { makeServiceToken, writeServiceSettings, type Token, type Wanted } from './service-ground';

export const ACT = { who: 'a test', why: 'to see' };

/** From a supervisor, as a station's proxy has it. */
const PIN_FROM_SUPERVISOR = 'pin_from = "supervisor"';

export const pin = (text: string = PIN): Uint8Array => new TextEncoder().encode(text);

/** A SoftHSM token and the built entries of the proxy, for supervised proxies with a folder each. */
export interface SupervisedGround {
  readonly token: Token;
  readonly entry: string;
  /** A folder of its own with settings in it. */
  readonly settle: (wanted?: Wanted) => string;
  readonly open: (folder: string, changes?: Partial<StationProxyOptions>) => SupervisedProxy;
  readonly remove: () => Promise<void>;
}

export async function supervisedGround(): Promise<SupervisedGround> {
  const built: BuiltEntries = await buildEntries({
    'hsm-process': 'proxy/hsm/process/main.ts',
    'proxy-child': 'proxy/child.ts',
  });
  const token = makeServiceToken();
  const opened: SupervisedProxy[] = [];
  let count = 0;
  const entry = built.path('proxy-child');
  return {
    token,
    entry,
    settle: (wanted = {}) => {
      const folder = join(token.folder, `supervised-${(count += 1)}`);
      writeServiceSettings(token, folder, { pin: PIN_FROM_SUPERVISOR, ...wanted });
      return folder;
    },
    open: (folder, changes = {}) => {
      const proxy = openStationProxy({
        folder,
        launch: nodeLaunch(entry),
        environment: () => childEnvironment(process.env, ['SOFTHSM2_CONF', 'KEYRITE_FAULTS']),
        ...changes,
      });
      opened.push(proxy);
      return proxy;
    },
    remove: async () => {
      for (const proxy of opened) await proxy.close();
      token.remove();
      await built.remove();
    },
  };
}

/** The code of a refusal, or `ok`. */
export const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

/** Changes one thing in the settings of a folder. */
export function change(folder: string, from: string | RegExp, to: string): void {
  const file = join(folder, 'settings.toml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to), { mode: 0o600 });
}
