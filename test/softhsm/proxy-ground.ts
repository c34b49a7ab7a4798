import pkcs11 from 'pkcs11js';
import { childEnvironment } from '../../core/pkcs11/environment';
import { openTokenPort } from '../../core/pkcs11/token';
import type { HsmEvent, HsmOptions } from '../../proxy/hsm/options';
import { openHsm } from '../../proxy/hsm/pool';
import type { Hsm, HsmAnswer, HsmRules, KeyChoice } from '../../proxy/hsm/port';
import { buildEntries } from './build-child';
import { bytes, makeFolder, makeOpenToken, profile, profiles, USER_PIN } from './ground';
import { rawSession } from './raw';

/** A secret key to be put on the token, with a value the test knows. */
export interface KnownSecret {
  readonly label: string;
  /** CKA_ID as hex */
  readonly ckaId: string;
  readonly value: Uint8Array;
  readonly encrypt?: boolean;
  readonly decrypt?: boolean;
}

/** A SoftHSM token, the built HSM process, and pools over them. */
export interface ProxyGround {
  readonly home: string;
  readonly modulePath: string;
  readonly tokenFolder: string;
  readonly environment: Record<string, string>;
  readonly processEntry: string;
  readonly put: (key: KnownSecret) => void;
  readonly open: (changes?: Partial<HsmOptions>, rules?: HsmRules) => OpenHsm;
  readonly remove: () => Promise<void>;
}

/** A pool and what happened to its processes. */
export type OpenHsm = Hsm & { readonly events: HsmEvent[] };

export const FREE: HsmRules = { mayUse: () => null };

export const HEALTH = 'health';

export function choice(label: string, current: string | null = null, legacy: string | null = null): KeyChoice {
  return { label, current, legacy };
}

/** The value of an answer that must be one. */
export function good<T>(answer: HsmAnswer<T>): T {
  if (!answer.ok) throw new Error(`${answer.error.name} ${answer.error.reason}: ${answer.error.message}`);
  return answer.value;
}

/** `ok`, or `InternalException CKR_DEVICE_ERROR`. */
export function said(answer: HsmAnswer<unknown>): string {
  return answer.ok ? 'ok' : `${answer.error.name} ${answer.error.reason}`;
}

/** As long as a test may take, less what it needs to say what did not come about. */
const PATIENCE_MS = 55_000;

/** Waits until a condition holds, looking often. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`It did not come about: ${what}`);
}

export function serving(hsm: Hsm): Promise<void> {
  return until(() => {
    const { condition, sessions } = hsm.state();
    return condition === 'serving' && sessions.ready === sessions.wanted;
  }, 'the pool serves');
}

export async function proxyGround(): Promise<ProxyGround> {
  const built = await buildEntries({ 'hsm-process': 'proxy/hsm/process/main.ts' });
  const { folder, home, remove } = await makeFolder();
  process.env['SOFTHSM2_CONF'] = folder.environment.SOFTHSM2_CONF;
  const port = openTokenPort(profiles);
  const { serial } = await makeOpenToken(port, folder, 'proxy');
  const { api, session } = rawSession(folder.modulePath, serial);
  const environment = childEnvironment(process.env, ['SOFTHSM2_CONF']);
  const hsms: Hsm[] = [];

  function put({ label, ckaId, value, encrypt = true, decrypt = true }: KnownSecret): void {
    api.C_CreateObject(session, [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
      { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_AES },
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_PRIVATE, value: true },
      { type: pkcs11.CKA_LABEL, value: Buffer.from(label) },
      { type: pkcs11.CKA_ID, value: Buffer.from(ckaId, 'hex') },
      { type: pkcs11.CKA_ENCRYPT, value: encrypt },
      { type: pkcs11.CKA_DECRYPT, value: decrypt },
      ...[pkcs11.CKA_SIGN, pkcs11.CKA_VERIFY, pkcs11.CKA_WRAP, pkcs11.CKA_UNWRAP].map((type) => ({ type, value: false })),
      { type: pkcs11.CKA_SENSITIVE, value: true },
      { type: pkcs11.CKA_EXTRACTABLE, value: false },
      { type: pkcs11.CKA_VALUE, value: Buffer.from(value) },
    ]);
  }

  function open(changes: Partial<HsmOptions> = {}, rules: HsmRules = FREE): OpenHsm {
    const events: HsmEvent[] = [];
    const hsm = openHsm(
      {
        processEntry: built.path('hsm-process'),
        module: folder.modulePath,
        profile: profile('softhsm'),
        token: { label: 'proxy', serial: null },
        iv: 'caller',
        mechanism: 'CKM_AES_GCM',
        pool: { sessions: 2, processes: 1, queue: 1000, deadlineMs: 5000, hungMs: 10_000 },
        legacyMetadata: null,
        healthKey: HEALTH,
        environment,
        pin: () => bytes(USER_PIN),
        pinChangedAt: () => null,
        stateFolder: home,
        isKilled: false,
        now: () => Date.now(),
        onEvent: (event) => void events.push(event),
        ...changes,
      },
      rules,
    );
    hsms.push(hsm);
    return { ...hsm, events };
  }

  return {
    home,
    modulePath: folder.modulePath,
    tokenFolder: `${home}/tokens`,
    environment,
    processEntry: built.path('hsm-process'),
    put,
    open,
    remove: async () => {
      for (const hsm of hsms) await hsm.stop();
      await remove();
      await built.remove();
    },
  };
}
