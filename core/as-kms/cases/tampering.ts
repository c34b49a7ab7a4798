import { joinBytes } from '../../xks/bytes';
import { decryptBody, type Sealed } from '../bodies';
import { plaintextIn, type Encrypted } from '../encrypted';
import { inWords, type Exchange } from '../exchange';
import { fails, holds, notApplicable, untested, type Judgement } from '../judgement';
import { each, isRefusal, probes, type Probe } from '../probes';
import { proxyCase, type CaseTexts, type ProxyCase } from '../proxy-case';
import { roundTrip } from '../round-trip';
import type { Session } from '../session';
import { plainOf } from './encrypt';
import type { XksErrorName } from '../../xks/errors';

/** `bytes` with one bit flipped at `index`, counted from the end where negative. */
function flipped(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.with(index, (bytes.at(index) ?? 0) ^ 1);
}

/** Cut off, or filled up with zeros. */
function lengthened(bytes: Uint8Array, length: number): Uint8Array {
  return joinBytes(bytes, new Uint8Array(length)).slice(0, length);
}

function atBothEnds(
  what: string,
  sealed: Sealed,
  member: 'ciphertext' | 'iv' | 'tag' | 'aad' | 'metadata',
): Record<string, Sealed> {
  const bytes = sealed[member];
  if (!bytes || bytes.length === 0) return {};
  return {
    [`${what}, first byte`]: { ...sealed, [member]: flipped(bytes, 0) },
    [`${what}, last byte`]: { ...sealed, [member]: flipped(bytes, -1) },
  };
}

/** A plaintext here is the gravest finding there is; a wrong error is merely one. */
function judgeWith(names: readonly XksErrorName[]): (seen: readonly Probe[]) => Judgement {
  return each(({ what, exchange }) => {
    if (names.some((name) => isRefusal(exchange, name))) return holds(inWords(exchange));
    if (plaintextIn(exchange) === null && !(exchange.kind === 'answer' && exchange.status === 200))
      return fails(`${what}: ${inWords(exchange)}`);
    return fails(`${what}: A PLAINTEXT CAME BACK`, {
      means: 'The proxy does not prove what it decrypts: changed ciphertexts pass for true ones.',
      remedy: 'Do not use this proxy before its maker has mended it.',
    });
  });
}

interface TamperCase extends Pick<CaseTexts, 'name' | 'expects'> {
  /** the error that is expected, and such as may stand for it */
  readonly names?: readonly XksErrorName[];
  readonly variants: (sealed: Sealed, sample: Encrypted) => Readonly<Record<string, Sealed>>;
  readonly none?: string;
}

const TEXTS = {
  theme: 'tampering',
  needs: 'ciphertext',
  means: 'KMS tells its caller something else than that the ciphertext was damaged, and counts the wrong error.',
  remedy: 'Answer 400 InvalidCiphertextException when the tag does not verify.',
} as const;

async function decryptEach(session: Session, variants: Readonly<Record<string, Sealed>>): Promise<readonly Probe[]> {
  const requests = Object.entries(variants).map(([what, sealed]): [string, () => Promise<Exchange>] => [
    what,
    () => session.send('Decrypt', decryptBody(session.who, sealed)),
  ]);
  return probes(Object.fromEntries(requests));
}

function tamperCase({ names = ['InvalidCiphertextException'], variants, none = '', ...own }: TamperCase): ProxyCase {
  return proxyCase({
    ...TEXTS,
    ...own,
    run: async (session) => {
      const sample = await session.ciphertext();
      return 'problem' in sample ? sample.problem : decryptEach(session, variants(sample.sealed, sample));
    },
    judge: (seen) => {
      if (typeof seen === 'string') return untested(seen);
      return seen.length === 0 ? notApplicable(none) : judgeWith(names)(seen);
    },
  });
}

const REFUSED_EITHER_WAY: readonly XksErrorName[] = ['InvalidCiphertextException', 'ValidationException'];

/**
 * The same bytes cut differently between AAD and metadata: without lengths in the framing, both give the same AAD to the HSM
 * (specification, "Encrypt": metadata replayed as AAD).
 */
async function moved(session: Session): Promise<readonly Probe[] | string> {
  const bare = await roundTrip(session, 'without AAD', plainOf(32));
  const withAad = await roundTrip(session, 'with AAD', plainOf(32, 18));
  if ('problem' in bare.encrypted || 'problem' in withAad.encrypted) return 'Encrypt does not work';
  const { sealed: one } = bare.encrypted;
  const { sealed: two } = withAad.encrypted;
  const aad = two.aad ?? new Uint8Array();
  const metadata = two.metadata ?? new Uint8Array();
  const joined = joinBytes(aad, metadata);
  return decryptEach(session, {
    ...(one.metadata?.length ? { 'the metadata as AAD': { ...one, aad: one.metadata, metadata: null } } : {}),
    ...(metadata.length > 0 ? { 'AAD and metadata together as AAD': { ...two, aad: joined, metadata: null } } : {}),
    ...(metadata.length > 1
      ? { 'metadata cut one byte later': { ...two, aad: joined.slice(0, aad.length + 1), metadata: metadata.slice(1) } }
      : {}),
    'the AAD as metadata': { ...two, aad: null, metadata: joined.slice(0, 18) },
    'AAD cut in two, the rest as metadata': { ...two, aad: aad.slice(0, 6), metadata: aad.slice(6) },
  });
}

export const TAMPER_CASES: readonly ProxyCase[] = [
  tamperCase({
    name: 'tampered-ciphertext',
    expects: 'A changed or shortened ciphertext is an InvalidCiphertextException.',
    variants: (sealed) => ({
      ...atBothEnds('ciphertext', sealed, 'ciphertext'),
      'ciphertext, one byte less': { ...sealed, ciphertext: sealed.ciphertext.slice(0, -1) },
    }),
  }),
  tamperCase({
    name: 'tampered-tag',
    expects: 'A changed tag is an InvalidCiphertextException.',
    variants: (sealed) => atBothEnds('tag', sealed, 'tag'),
  }),
  tamperCase({
    name: 'tampered-iv',
    expects: 'A changed IV, of 12 or of 16 bytes, is an InvalidCiphertextException.',
    variants: (sealed) => {
      const other = sealed.iv.length === 16 ? 12 : 16;
      return { ...atBothEnds('IV', sealed, 'iv'), [`IV of ${other} bytes`]: { ...sealed, iv: lengthened(sealed.iv, other) } };
    },
  }),
  tamperCase({
    name: 'tampered-aad',
    expects: 'AAD that was changed, taken away or added to is an InvalidCiphertextException.',
    variants: (sealed) => ({
      ...atBothEnds('AAD', sealed, 'aad'),
      'without the AAD': { ...sealed, aad: null },
      'AAD one byte longer': { ...sealed, aad: joinBytes(sealed.aad ?? new Uint8Array(), Uint8Array.of(0)) },
    }),
  }),
  tamperCase({
    name: 'tampered-metadata',
    expects: 'ciphertextMetadata that was changed, shortened or taken away is an InvalidCiphertextException.',
    none: 'this proxy gives no ciphertextMetadata',
    variants: (sealed) =>
      sealed.metadata?.length
        ? {
            ...atBothEnds('metadata', sealed, 'metadata'),
            'metadata one byte shorter': { ...sealed, metadata: sealed.metadata.slice(0, -1) },
            'without the metadata': { ...sealed, metadata: null },
          }
        : {},
  }),
  tamperCase({
    name: 'foreign-metadata',
    expects: 'ciphertextMetadata that the proxy never gave is an InvalidCiphertextException.',
    variants: (sealed) => ({
      'other metadata of 4 bytes': { ...sealed, metadata: Uint8Array.of(1, 2, 3, 4) },
      'other metadata of 20 bytes': { ...sealed, metadata: new Uint8Array(20).fill(0x61) },
    }),
  }),
  proxyCase({
    ...TEXTS,
    name: 'metadata-as-aad',
    expects: 'Bytes moved between AAD and ciphertextMetadata are an InvalidCiphertextException.',
    run: moved,
    judge: (seen) => (typeof seen === 'string' ? untested(seen) : judgeWith(['InvalidCiphertextException'])(seen)),
  }),
  tamperCase({
    name: 'wrong-lengths',
    expects: 'A tag that is not 16 bytes, an IV of another length, metadata over 20 bytes are refused with 400.',
    names: REFUSED_EITHER_WAY,
    variants: (sealed) => ({
      'tag of 12 bytes': { ...sealed, tag: sealed.tag.slice(0, 12) },
      'tag of 4 bytes': { ...sealed, tag: sealed.tag.slice(0, 4) },
      'empty tag': { ...sealed, tag: new Uint8Array() },
      'IV of 11 bytes': { ...sealed, iv: lengthened(sealed.iv, 11) },
      'empty IV': { ...sealed, iv: new Uint8Array() },
      'IV of 17 bytes': { ...sealed, iv: lengthened(sealed.iv, 17) },
      'empty ciphertext': { ...sealed, ciphertext: new Uint8Array() },
      'metadata of 21 bytes': { ...sealed, metadata: new Uint8Array(21).fill(0x61) },
    }),
  }),
];
