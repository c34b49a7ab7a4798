import { randomBytes } from 'node:crypto';
import { failure, success, type Result } from '../contract/result';
import { kmsSpecOf } from '../keys/kms-spec';
import type { KeySpec } from '../keys/spec';
import type { KeyPlan } from '../keys/template';
import { valueText } from '../keys/verdict';
import { checkWrapping, type Wrapping } from '../keys/wrapping';
import { sha256Bytes } from '../pack/sha256';
import type { CheckValue, TokenAddress, TokenPort, WrappedKey } from '../pkcs11/port';

export interface HsmWrapRequest {
  readonly address: TokenAddress;
  /** of the key to wrap, which was made for BYOK; exactly one key may have it */
  readonly label: string;
  readonly keySpec: KeySpec;
  readonly spki: Uint8Array;
  readonly wrapping: Wrapping;
  /**
   * A trusted wrapping key that the security officer imported before, by its label; or null: the security officer imports it now, and
   * takes it away again afterwards.
   */
  readonly wrappingKeyLabel: string | null;
  /** Asked once for each login, so that nobody keeps a PIN; null: the token asks for it itself. The bytes are overwritten. */
  readonly pin: (user: 'user' | 'so') => Promise<Result<Uint8Array | null>>;
  /** heard between two calls: what was imported is taken away first */
  readonly signal: AbortSignal;
}

/** A key wrapped by an HSM: its clear bytes were in no computer. */
export interface HsmWrapped extends WrappedKey {
  readonly madeIn: 'hsm';
  readonly checkValue: CheckValue;
  readonly publicKey: Uint8Array | null;
  /** label of the imported wrapping key where it could not be taken away again; '' where nothing of it is left */
  readonly leftOver: string;
}

interface WrappingKeyPlace {
  readonly ckaId: string;
  readonly label: string;
}

/** Logs in, acts, logs out again. */
async function as<T>(
  port: TokenPort,
  request: HsmWrapRequest,
  user: 'user' | 'so',
  act: () => Promise<Result<T>>,
): Promise<Result<T>> {
  if (request.signal.aborted && user === 'user') return failure('input.cancelled');
  const pin = await request.pin(user);
  if (!pin.ok) return pin;
  const login = await port.login({ user, pin: pin.value });
  if (!login.ok) return login;
  const done = await act();
  const out = await port.logout();
  return out.ok || !done.ok ? done : out;
}

/** The one object with this label among those of a class, by its id. Errors: key.notFound, key.duplicate. */
async function idOf(port: TokenPort, label: string, classes: readonly string[]): Promise<Result<string>> {
  const entries = await port.inventory();
  if (!entries.ok) return entries;
  const [found, ...others] = entries.value.filter((entry) => entry.label === label && classes.includes(entry.class));
  if (!found) return failure('key.notFound', { label });
  return others.length === 0 ? success(found.ckaId) : failure('key.duplicate', { label, found: others.length + 1 });
}

/**
 * Is the key of that label the kind of key that was said, made for BYOK? OAEP gives blobs of one length: an AES key that was taken for
 * an HMAC key would show for the first time when its MACs do not agree.
 */
async function checkKey(port: TokenPort, plan: KeyPlan): Promise<Result<null>> {
  const readings = await port.readBack(plan);
  if (!readings.ok) return readings;
  const wrong = readings.value.flatMap(({ rows }) => rows).find((row) => !row.ok);
  if (!wrong) return success(null);
  return failure('key.attributeDiffers', {
    label: plan.label,
    name: wrong.name,
    wanted: valueText(wrong.wanted),
    got: valueText(wrong.got),
  });
}

/** Wraps a throw-away key first: what a module makes of a wrap shows only when somebody takes it apart. */
async function prove(port: TokenPort, { keySpec, wrapping }: HsmWrapRequest): Promise<Result<null>> {
  const checks = await port.trialWrap({ keySpec, wrapping });
  if (!checks.ok) return checks;
  const broken = checks.value.find((check) => !check.ok);
  if (!broken) return success(null);
  return failure('token.wrapDefect', { rule: broken.rule, wanted: broken.wanted, got: broken.got });
}

async function describe(port: TokenPort, plan: KeyPlan): Promise<Result<Pick<HsmWrapped, 'checkValue' | 'publicKey'>>> {
  const checkValue = await port.checkValue(plan);
  if (!checkValue.ok) return checkValue;
  const publicKey = await port.publicKey(plan);
  return publicKey.ok ? success({ checkValue: checkValue.value, publicKey: publicKey.value }) : publicKey;
}

async function wrapAsUser(
  port: TokenPort,
  request: HsmWrapRequest,
  imported: WrappingKeyPlace | null,
): Promise<Result<Omit<HsmWrapped, 'leftOver'>>> {
  const { label, keySpec, wrapping } = request;
  const ckaId = await idOf(port, label, ['secret', 'private']);
  if (!ckaId.ok) return ckaId;
  const wrapperId = imported ? success(imported.ckaId) : await idOf(port, request.wrappingKeyLabel ?? '', ['public']);
  if (!wrapperId.ok) return wrapperId;
  const plan = await port.plan({ purpose: 'byok', keySpec, label, ckaId: ckaId.value });
  if (!plan.ok) return plan;
  const checked = await checkKey(port, plan.value);
  if (!checked.ok) return checked;
  const proven = await prove(port, request);
  if (!proven.ok) return proven;
  const facts = await describe(port, plan.value);
  if (!facts.ok) return facts;
  if (request.signal.aborted) return failure('input.cancelled');
  const wrapped = await port.wrapKey({ plan: plan.value, wrappingKey: { ckaId: wrapperId.value }, wrapping });
  if (!wrapped.ok) return wrapped;
  if (wrapped.value.spkiSha256 === sha256Bytes(request.spki)) return success({ madeIn: 'hsm', ...wrapped.value, ...facts.value });
  return failure('key.wrappingKeyInvalid', { problem: 'The wrapping key on the token is another than the one in the file.' });
}

/** Under the security officer: the wrapping key under an id and a label of its own, each attribute as it was asked for. */
async function importKey(port: TokenPort, request: HsmWrapRequest, place: WrappingKeyPlace): Promise<Result<null>> {
  const { spki, wrapping } = request;
  const made = await port.importWrappingKey({ spki: Uint8Array.from(spki), ...place, algorithm: wrapping.algorithm });
  if (!made.ok) return made;
  const wrong = made.value.rows.find((row) => !row.ok);
  if (!wrong) return success(null);
  return failure('key.attributeDiffers', { name: wrong.name, wanted: valueText(wrong.wanted), got: valueText(wrong.got) });
}

async function wrapWithImport(port: TokenPort, request: HsmWrapRequest): Promise<Result<HsmWrapped>> {
  const ckaId = randomBytes(16).toString('hex');
  const place = { ckaId, label: `keyrite-wrap-${ckaId.slice(0, 8)}` };
  const imported = await as(port, request, 'so', () => importKey(port, request, place));
  // A refused import left nothing behind; only one whose attributes are not right did.
  if (!imported.ok && imported.error.code !== 'key.attributeDiffers') return imported;
  const wrapped = imported.ok ? await as(port, request, 'user', () => wrapAsUser(port, request, place)) : imported;
  const removed = await as(port, request, 'so', () => port.destroy(place));
  const isGone = removed.ok || removed.error.code === 'key.notFound';
  if (wrapped.ok) return success({ ...wrapped.value, leftOver: isGone ? '' : place.label });
  return isGone ? wrapped : failure(wrapped.error.code, { ...wrapped.error.detail, leftOnToken: place.label });
}

/**
 * Wraps a key that was made in the HSM, in the HSM, for KMS. The wrapping key must be a trusted one, which the security officer alone
 * can make; a trial wrap of a throw-away key comes first. Errors: policy.wrappingIllegal, those of the token, token.wrapDefect,
 * key.notFound, key.duplicate, key.attributeDiffers, key.wrappingKeyInvalid where the token's wrapping key is another than `spki`;
 * input.cancelled. A failure's `leftOnToken` is the label of a wrapping key that could not be taken away.
 */
export async function wrapInHsm(port: TokenPort, request: HsmWrapRequest): Promise<Result<HsmWrapped>> {
  const legal = checkWrapping(kmsSpecOf(request.keySpec), request.wrapping);
  if (!legal.ok) return legal;
  const opened = await port.open(request.address);
  if (!opened.ok) return opened;
  try {
    if (request.wrappingKeyLabel === null) return await wrapWithImport(port, request);
    const wrapped = await as(port, request, 'user', () => wrapAsUser(port, request, null));
    return wrapped.ok ? success({ ...wrapped.value, leftOver: '' }) : wrapped;
  } finally {
    await port.close();
  }
}
