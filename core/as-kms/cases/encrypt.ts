import { createHash, randomBytes } from 'node:crypto';
import { sameBytes } from '../../xks/bytes';
import { cdiv } from '../../xks/cdiv';
import { IV_BYTES, LEAST_AAD_BYTES, LEAST_PLAINTEXT_BYTES, TAG_BYTES } from '../../xks/wire';
import { METADATA_BYTES_LIMIT } from '../../xks/ciphertext-metadata';
import type { Plain } from '../bodies';
import { inWords } from '../exchange';
import { fails, gravest, holds, type Judgement } from '../judgement';
import { isRefusal } from '../probes';
import { proxyCase, type ProxyCase } from '../proxy-case';
import { judgeRoundTrip, judgeRoundTrips, roundTrip, roundTrips, type RoundTrip } from '../round-trip';

export function plainOf(bytes: number, aadBytes: number | null = null, wantsIntegrity = false): Plain {
  return { plaintext: randomBytes(bytes), aad: aadBytes === null ? null : randomBytes(aadBytes), wantsIntegrity };
}

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** Recomputes the integrity value as KMS does. */
export function judgeIntegrity(trip: RoundTrip): Judgement {
  const { what, encrypted } = trip;
  if ('problem' in encrypted) return judgeRoundTrip(trip);
  const { sealed, integrity } = encrypted;
  if (!integrity) return fails(`${what}: ciphertextDataIntegrityValue is missing`);
  const empty = new Uint8Array();
  const { iv, ciphertext, tag } = sealed;
  const expected = cdiv({ aad: sealed.aad ?? empty, metadata: sealed.metadata ?? empty, iv, ciphertext, tag }, sha256);
  return sameBytes(integrity, expected)
    ? judgeRoundTrip(trip)
    : fails(`${what}: the value is not SHA-256 over AAD, metadata, IV, ciphertext and tag`);
}

/** Lengths of what Encrypt answers. */
export function judgeShape({ encrypted, plain, ...trip }: RoundTrip): Judgement {
  if ('problem' in encrypted) return judgeRoundTrip({ encrypted, plain, ...trip });
  const { iv, tag, metadata, ciphertext } = encrypted.sealed;
  if (!IV_BYTES.includes(iv.length)) return fails(`the IV has ${iv.length} bytes`);
  if (tag.length !== TAG_BYTES) return fails(`the tag has ${tag.length} bytes`);
  if (ciphertext.length !== plain.plaintext.length)
    return fails(`the ciphertext has ${ciphertext.length} bytes, the plaintext ${plain.plaintext.length}`);
  if (metadata && metadata.length > METADATA_BYTES_LIMIT) return fails(`ciphertextMetadata has ${metadata.length} bytes`);
  const about = metadata ? `metadata of ${metadata.length} bytes` : 'no metadata';
  return holds(`IV of ${iv.length}, tag of ${tag.length} bytes, ${about}`);
}

/** The same plaintext several times: never the same IV, and never an IV that is all zeros. */
export function judgeFreshIvs(trips: readonly RoundTrip[]): Judgement {
  const worst = gravest(trips.map(judgeRoundTrip));
  if (worst.outcome !== 'holds') return worst;
  const ivs = trips.flatMap(({ encrypted }) =>
    'problem' in encrypted ? [] : [Buffer.from(encrypted.sealed.iv).toString('hex')],
  );
  if (ivs.some((iv) => /^0*$/.test(iv))) return fails('an IV is all zeros');
  const different = new Set(ivs).size;
  return different === ivs.length
    ? holds(`${different} encryptions, ${different} IVs`)
    : fails(`${ivs.length} encryptions, only ${different} IVs`);
}

/** Above the least size a proxy may stop, but only with the error for it. */
export function judgeBeyondLimit(trips: readonly RoundTrip[]): Judgement {
  const judged = trips.map((trip) => {
    if (!isRefusal(trip.encryption, 'UnsupportedOperationException')) return judgeRoundTrip(trip);
    return holds(`${trip.what}: ${inWords(trip.encryption)}`);
  });
  const worst = gravest(judged);
  return worst.outcome === 'holds' ? holds(judged.map(({ seen }) => seen.replace(/ \(".*"\)$/, '')).join('; ')) : worst;
}

const ANY_CRYPTO = 'KMSInvalidStateException';
const TOO_SMALL = 'Raise the proxy’s size limits, and those of a reverse proxy in front of it.';

export const ENCRYPT_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'round-trip',
    theme: 'encrypt',
    needs: 'credential',
    expects: 'What is encrypted comes back, without and with AAD.',
    means: 'The key store is of no use, or loses data.',
    remedy: 'See the proxy’s log for this kmsRequestId’s error; check that the key may encrypt and decrypt.',
    kmsSays: ANY_CRYPTO,
    run: (session) => roundTrips(session, { 'without AAD': plainOf(32), 'with AAD': plainOf(32, 33) }),
    judge: judgeRoundTrips,
  }),
  proxyCase({
    name: 'integrity-value',
    theme: 'encrypt',
    needs: 'credential',
    expects: 'ciphertextDataIntegrityValue is given when asked for and agrees with what KMS computes.',
    means: 'KMS recomputes the value and fails the call.',
    remedy: 'Compute SHA-256 over the raw bytes of AAD, metadata, IV, ciphertext and tag, without lengths.',
    kmsSays: ANY_CRYPTO,
    run: (session) => roundTrips(session, { 'without AAD': plainOf(32, null, true), 'with AAD': plainOf(32, 33, true) }),
    judge: (trips) => {
      const worst = gravest(trips.map(judgeIntegrity));
      return worst.outcome === 'holds' ? holds('recomputed, the same; without and with AAD') : worst;
    },
  }),
  proxyCase({
    name: 'encrypt-shape',
    theme: 'encrypt',
    needs: 'credential',
    expects: 'IV of 12 or 16 bytes, tag of 16, ciphertext as long as the plaintext, metadata of at most 20 bytes.',
    means: 'KMS refuses the answer.',
    remedy: 'Split the tag from the ciphertext and keep the metadata short.',
    kmsSays: ANY_CRYPTO,
    run: (session) => roundTrip(session, 'one call', plainOf(45, 7)),
    judge: judgeShape,
  }),
  proxyCase({
    name: 'iv-fresh',
    theme: 'encrypt',
    needs: 'credential',
    expects: 'Every encryption has an IV of its own.',
    means: 'An IV used twice under one key lets an attacker forge ciphertexts and compare plaintexts.',
    remedy: 'Stop using this proxy with this key until its IVs are random or counted.',
    run: (session) => {
      const same = plainOf(32, 33);
      return roundTrips(session, Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`encryption ${i + 1}`, same])));
    },
    judge: judgeFreshIvs,
  }),
  proxyCase({
    name: 'plaintext-sizes',
    theme: 'encrypt',
    needs: 'credential',
    expects: 'Plaintexts of any length up to 4,096 bytes come back.',
    means: 'Calls of KMS with such a plaintext fail.',
    remedy: TOO_SMALL,
    kmsSays: ANY_CRYPTO,
    run: (session) => roundTrips(session, Object.fromEntries([1, 15, 16, 17, 255, 4096].map((n) => [`${n} B`, plainOf(n, 33)]))),
    judge: judgeRoundTrips,
  }),
  proxyCase({
    name: 'plaintext-4300',
    theme: 'encrypt',
    needs: 'credential',
    expects: `A plaintext of ${LEAST_PLAINTEXT_BYTES} bytes, the least every proxy has to take, comes back.`,
    means: 'kms:Encrypt with 4,096 bytes of plaintext fails: KMS adds its own layer to it.',
    remedy: TOO_SMALL,
    kmsSays: ANY_CRYPTO,
    run: (session) => roundTrips(session, { '4,300 B': plainOf(LEAST_PLAINTEXT_BYTES, 33, true) }),
    judge: judgeRoundTrips,
  }),
  proxyCase({
    name: 'plaintext-beyond',
    theme: 'encrypt',
    needs: 'credential',
    expects: 'A longer plaintext comes back too, or is refused with 501 UnsupportedOperationException.',
    means: 'KMS does not send such today; a wrong error counts against the key store’s reliability.',
    remedy: 'Answer 501 UnsupportedOperationException above the proxy’s own limit.',
    run: (session) => roundTrips(session, Object.fromEntries([4301, 8192, 32_768].map((n) => [`${n} B`, plainOf(n)]))),
    judge: judgeBeyondLimit,
  }),
  proxyCase({
    name: 'aad-8192',
    theme: 'encrypt',
    needs: 'credential',
    expects: `AAD of 1, 255, 256 and ${LEAST_AAD_BYTES} bytes, the most KMS sends, is taken.`,
    means: 'Calls with a long encryption context fail.',
    remedy: TOO_SMALL,
    kmsSays: ANY_CRYPTO,
    run: (session) =>
      roundTrips(session, Object.fromEntries([1, 255, 256, LEAST_AAD_BYTES].map((n) => [`AAD of ${n} B`, plainOf(32, n, true)]))),
    judge: judgeRoundTrips,
  }),
];
