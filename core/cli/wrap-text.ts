import { sha256Bytes } from '../pack/sha256';
import type { HsmWrapped } from '../wrapping/wrap-in-hsm';
import type { SoftwareWrapped } from '../wrapping/wrap-in-software';
import { columns } from './output';
import type { Recipient, WrapOrder } from './wrap-order';

/** What either way of wrapping leads to. */
export interface WrapReport {
  readonly order: WrapOrder;
  readonly wrapped: SoftwareWrapped | HsmWrapped;
  readonly written: readonly { readonly recipient: Recipient; readonly blob: Uint8Array }[];
}

/** With --json: all of it, without the blobs themselves. */
export function wrapJson({ order, wrapped, written }: WrapReport): string {
  const blobs = written.map(({ recipient, blob }) => ({
    file: recipient.out,
    bytes: blob.length,
    sha256: sha256Bytes(blob),
    wrappingKeySpec: recipient.wrappingKeySpec,
    spkiSha256: recipient.spkiSha256,
  }));
  const { madeIn, checkValue, publicKey } = wrapped;
  const hsm =
    wrapped.madeIn === 'hsm' ? { mechanism: wrapped.mechanism, parameters: wrapped.parameters, leftOver: wrapped.leftOver } : {};
  return JSON.stringify(
    {
      ok: true,
      madeIn,
      keySpec: order.spec,
      algorithm: order.algorithm,
      checkValue,
      publicKey: publicKey === null ? null : Buffer.from(publicKey).toString('base64'),
      blobs,
      ...hsm,
    },
    null,
    2,
  );
}

/** For people: where the key was, what was written, what to compare. */
export function wrapLines({ order, wrapped, written }: WrapReport): string[] {
  const { method, value } = wrapped.checkValue;
  const rows = [
    [
      'Made in',
      wrapped.madeIn === 'hsm'
        ? `the HSM (${wrapped.mechanism}; ${wrapped.parameters})`
        : 'SOFTWARE: the key was in the memory of this computer',
    ],
    ['Key', order.spec],
    ['Algorithm', order.algorithm],
    ['Check value', `${value} (${method})`],
    ...written.flatMap(({ recipient, blob }) => [
      ['', ''],
      ['File', recipient.out],
      ['Bytes', String(blob.length)],
      ['SHA-256', sha256Bytes(blob)],
      ['Wrapped for', `${recipient.spkiFile} (${recipient.wrappingKeySpec})`],
      ['its SHA-256', recipient.spkiSha256],
    ]),
  ];
  return columns(rows);
}

/** What whoever made the key this way has to know, once. */
export function wrapWarnings({ wrapped, written }: WrapReport, isGenerated: boolean): string[] {
  if (wrapped.madeIn === 'hsm')
    return wrapped.leftOver === ''
      ? []
      : [`The wrapping key is still on the token, under the label ${wrapped.leftOver}. Have the security officer take it away.`];
  if (!isGenerated)
    return [
      'The clear key is still in its file. Destroy it, or keep it where nobody else gets at it: KMS keeps no copy for you.',
    ];
  if (written.length > 1) return [];
  return [
    'Nobody has a copy of this key. What was written can be imported with its own import token only, for 24 hours; should KMS lose',
    'the material after that, or should it expire, everything encrypted under it is lost. For a copy of your own, give a second --spki',
    'and --out with a public key whose private half you keep.',
  ];
}
