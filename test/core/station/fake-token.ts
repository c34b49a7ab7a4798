import { createHash, randomBytes } from 'node:crypto';
import { failure, success } from '../../../core/contract/result';
import type { TokenReport } from '../../../core/contract/token-values';
import { kmsSpecOf } from '../../../core/keys/kms-spec';
import { keyPlan } from '../../../core/keys/policy';
import type { KeyPlan } from '../../../core/keys/template';
import { materialBytes, wrappedLength } from '../../../core/keys/wrapping';
import type { AttributeReading, TokenPort } from '../../../core/pkcs11/port';
import { sha256Text } from '../../../core/pack/sha256';

/** What a fake token remembers across processes, as a real one would. */
export interface FakeTokenMemory {
  serial: string;
  label: string;
  userPin: string | null;
  soPin: string;
  objects: { class: string; ckaId: string; label: string; keyType: string }[];
  /** SHA-256 of the module file */
  moduleSha256?: string;
  /** the token asks for PINs itself */
  pinOnDevice?: boolean;
  /** how many C_GenerateKey calls ever succeeded */
  generations: number;
}

export function blankMemory(): FakeTokenMemory {
  return { serial: 'fa4e000000000001', label: 'fake', userPin: '10203040', soPin: '80706050', objects: [], generations: 0 };
}

/** Faults to inject, by method: the Failure code to answer instead, once, before or after the effect. */
export interface Faults {
  readonly before?: Partial<Record<keyof TokenPort, string>>;
  readonly after?: Partial<Record<keyof TokenPort, string>>;
  /** answers that it destroyed, and did not */
  readonly stubborn?: boolean;
}

const MODULE = {
  path: '/fake/module.so',
  sha256: 'ab'.repeat(32),
  cryptoki: '2.40',
  manufacturer: 'Fake',
  description: 'Fake',
  version: '1.0',
};

/** A token in memory, for tests of what stands on the port. The real one is tested in test/softhsm. */
export function fakeToken(memory: FakeTokenMemory, faults: { current: Faults } = { current: {} }): TokenPort {
  let loggedIn: 'user' | 'so' | null = null;
  const report = (): TokenReport => ({
    module: { ...MODULE, sha256: memory.moduleSha256 ?? MODULE.sha256 },
    slotDescription: 'fake slot',
    serial: memory.serial,
    label: memory.label,
    manufacturer: 'Fake',
    model: 'One',
    firmware: '1.0',
    hardware: '1.0',
    initialised: memory.label !== '',
    userPinSet: memory.userPin !== null,
    writeProtected: false,
    protectedAuthenticationPath: memory.pinOnDevice === true,
    userPin: 'ok',
    soPin: 'ok',
    freePublicMemory: null,
    freePrivateMemory: null,
    clock: null,
  });
  const readings = (plan: KeyPlan): AttributeReading[] =>
    plan.objects.map((object) => ({
      class: object.class,
      rows: object.expected.map(({ name, value }) => ({ name, wanted: value, got: value, ok: true })),
    }));
  const same = { method: 'CMAC', value: '921105' };
  const port: TokenPort = {
    list: async () =>
      success([
        { serial: memory.serial, label: memory.label, manufacturer: 'Fake', model: 'One', initialised: memory.label !== '' },
      ]),
    open: async ({ serial }) =>
      serial === memory.serial ? success({ token: report(), mechanisms: [] }) : failure('token.notFound', { serial }),
    login: async ({ user, pin }) => {
      const wanted = user === 'so' ? memory.soPin : memory.userPin;
      if (memory.pinOnDevice === true && pin === null) {
        loggedIn = user;
        return success({ pinState: 'ok' as const });
      }
      if (pin === null || Buffer.from(pin).toString() !== wanted) return failure('token.pinIncorrect', { pinState: 'countLow' });
      loggedIn = user;
      return success({ pinState: 'ok' as const });
    },
    logout: async () => {
      loggedIn = null;
      return success(null);
    },
    initialise: async ({ label, soPin }) => {
      memory.serial = randomBytes(8).toString('hex');
      Object.assign(memory, { label, objects: [], userPin: null, soPin: Buffer.from(soPin ?? []).toString() });
      return success(report());
    },
    setUserPin: async ({ pin }) => {
      memory.userPin = Buffer.from(pin ?? []).toString();
      return success(null);
    },
    random: async ({ bytes }) => success(randomBytes(bytes).toString('hex')),
    inventory: async () =>
      loggedIn === null
        ? success([])
        : success(memory.objects.map((object) => ({ ...object, uniqueId: '', digest: sha256Text(JSON.stringify(object)) }))),
    preflight: async ({ label }) =>
      success(
        ['CER-MECHANISM-OFFERED', 'CER-LABEL-FITS', 'CER-LABEL-FREE', 'CER-TOKEN-ROOM'].map((rule) => ({
          rule,
          ok: rule !== 'CER-LABEL-FREE' || !memory.objects.some((one) => one.label === label),
          wanted: 'yes',
          got: 'yes',
        })),
      ),
    plan: async (request) => keyPlan(memory.serial, request),
    generate: async (plan) => {
      if (loggedIn !== 'user') return failure('token.notLoggedIn');
      memory.generations += 1;
      memory.objects.push(
        ...plan.objects.map((object) => ({ class: object.class, ckaId: plan.ckaId, label: plan.label, keyType: plan.keySpec })),
      );
      return success({ mechanism: plan.mechanism, tookMs: 1 });
    },
    find: async ({ ckaId }) =>
      success(
        memory.objects.filter((object) => object.ckaId === ckaId).map(({ class: kind, label }) => ({ class: kind, label })),
      ),
    readBack: async (plan) => success(readings(plan)),
    readBackInSecondSession: async (plan) => success(readings(plan)),
    negativeTests: async () =>
      success(
        ['CER-VALUE-HIDDEN', 'CER-WRAP-REFUSED', 'CER-MECHANISM-REFUSED'].map((rule) => ({
          rule,
          ok: true,
          wanted: 'refused',
          got: 'refused',
        })),
      ),
    checkValue: async () => success(same),
    publicKey: async () => success(null),
    functionalTest: async () => success({ method: 'encrypt and decrypt', challengeSha256: 'cd'.repeat(32), ok: true }),
    importWrappingKey: async ({ ckaId, label }) => {
      if (loggedIn !== 'so') return failure('token.notLoggedIn', { user: 'so' });
      memory.objects.push({ class: 'public', ckaId, label, keyType: 'RSA' });
      return success({ rows: [{ name: 'CKA_TRUSTED', wanted: true, got: true, ok: true }] });
    },
    wrapKey: async ({ plan, wrappingKey, wrapping }) => {
      if (loggedIn !== 'user') return failure('token.notLoggedIn', { user: 'user' });
      const here = (ckaId: string) => memory.objects.some((object) => object.ckaId === ckaId);
      if (!here(plan.ckaId) || !here(wrappingKey.ckaId)) return failure('key.notFound');
      const blob = new Uint8Array(randomBytes(wrappedLength(wrapping, materialBytes(kmsSpecOf(plan.keySpec)) ?? 1218)));
      return success({ blob, mechanism: 'CKM_RSA_PKCS_OAEP', parameters: 'fake', spkiSha256: 'ef'.repeat(32), tookMs: 1 });
    },
    trialWrap: async () => success([{ rule: 'CER-TRIAL-WRAP', ok: true, wanted: 'yes', got: 'yes' }]),
    refusesUntrusted: async () => success([{ rule: 'CER-WRAP-UNTRUSTED-REFUSED', ok: true, wanted: 'refused', got: 'refused' }]),
    mac: async ({ message }) => success({ mac: createHash('sha256').update(message).digest(), mechanism: 'CKM_SHA256_HMAC' }),
    destroy: async ({ ckaId }) => {
      const before = memory.objects.length;
      if (faults.current.stubborn === true) return success({ destroyed: before });
      memory.objects = memory.objects.filter((object) => object.ckaId !== ckaId);
      return success({ destroyed: before - memory.objects.length });
    },
    audit: async () => success([]),
    close: async () => success(null),
  };
  return withFaults(port, faults);
}

function withFaults(port: TokenPort, faults: { current: Faults }): TokenPort {
  const entries = Object.entries(port).map(([name, method]) => {
    const wrapped = async (...args: unknown[]) => {
      const take = (when: 'before' | 'after') => {
        const code = faults.current[when]?.[name as keyof TokenPort];
        if (code !== undefined) faults.current = { ...faults.current, [when]: { ...faults.current[when], [name]: undefined } };
        return code;
      };
      const early = take('before');
      if (early !== undefined) return failure(early as 'token.device');
      const answer: unknown = await (method as (...given: unknown[]) => Promise<unknown>)(...args);
      const late = take('after');
      return late === undefined ? answer : failure(late as 'token.device');
    };
    return [name, wrapped];
  });
  const wrapped: unknown = Object.fromEntries(entries);
  return wrapped as TokenPort;
}
