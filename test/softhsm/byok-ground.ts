import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeySpec } from '../../core/keys/spec';
import type { KeyPlan } from '../../core/keys/template';
import type { Wrapping, WrappingKeySpec } from '../../core/keys/wrapping';
import type { AttributeReading, TokenAddress, TokenPort } from '../../core/pkcs11/port';
import type { TokenFolder } from '../../core/rehearsal/softhsm';
import { bytes, makeOpenToken, must, SO_PIN, USER_PIN } from './ground';

const made = new Map<WrappingKeySpec, { publicKey: KeyObject; privateKey: KeyObject }>();

/** KMS's side of a wrapping key, made once per file. */
export function kmsPair(spec: WrappingKeySpec): { publicKey: KeyObject; privateKey: KeyObject; spki: Uint8Array } {
  const pair = made.get(spec) ?? generateKeyPairSync('rsa', { modulusLength: Number(spec.slice(4)) });
  made.set(spec, pair);
  return { ...pair, spki: new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' })) };
}

export interface ImportedKey {
  readonly rows: AttributeReading['rows'];
  readonly ckaId: string;
  readonly label: string;
}

export interface ByokGround {
  readonly port: TokenPort;
  readonly address: TokenAddress;
  readonly asUser: () => Promise<void>;
  readonly asSecurityOfficer: () => Promise<void>;
  /** the BYOK key of a spec; made once, because RSA keys take long */
  readonly keyOf: (keySpec: KeySpec) => Promise<KeyPlan>;
  /** a wrapping key as the security officer makes it; the crypto officer is logged in afterwards */
  readonly imported: (wrapping: Wrapping) => Promise<ImportedKey>;
}

/** A fresh token with the crypto officer logged in, and what the tests of BYOK do with it. */
export async function byokGround(port: TokenPort, folder: TokenFolder, label: string): Promise<ByokGround> {
  const address = await makeOpenToken(port, folder, label);
  const plans = new Map<KeySpec, KeyPlan>();
  const asUser = async () => void must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  const asSecurityOfficer = async () => void must(await port.login({ user: 'so', pin: bytes(SO_PIN) }));

  async function keyOf(keySpec: KeySpec): Promise<KeyPlan> {
    const known = plans.get(keySpec);
    if (known) return known;
    const ckaId = must(await port.random({ bytes: 16 }));
    const plan = must(await port.plan({ purpose: 'byok', keySpec, label: `key-${keySpec}`, ckaId }));
    must(await port.generate(plan));
    plans.set(keySpec, plan);
    return plan;
  }

  async function imported({ algorithm, wrappingKeySpec }: Wrapping): Promise<ImportedKey> {
    const ckaId = must(await port.random({ bytes: 16 }));
    const name = `wrapping-${ckaId.slice(0, 8)}`;
    await asSecurityOfficer();
    const { spki } = kmsPair(wrappingKeySpec);
    const { rows } = must(await port.importWrappingKey({ spki, ckaId, label: name, algorithm }));
    await asUser();
    return { rows, ckaId, label: name };
  }

  return { port, address, asUser, asSecurityOfficer, keyOf, imported };
}
