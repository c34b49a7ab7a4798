import { sameBytes } from '../xks/bytes';
import { decryptBody, encryptBody, type Members, type Plain } from './bodies';
import { plaintextIn, readEncrypted, type Encrypted } from './encrypted';
import { inWords, type Exchange } from './exchange';
import { fails, gravest, holds, type Judgement } from './judgement';
import { deniedByPolicy, isRefusal } from './probes';
import type { Session } from './session';

/** Encrypt, and Decrypt of what came of it. */
export interface RoundTrip {
  readonly what: string;
  readonly plain: Plain;
  readonly encryption: Exchange;
  readonly encrypted: Encrypted | { readonly problem: string };
  /** null: there was nothing to decrypt */
  readonly decryption: Exchange | null;
}

/** @param more members of requestMetadata that differ */
export async function roundTrip(session: Session, what: string, plain: Plain, more: Members = {}): Promise<RoundTrip> {
  const encryption = await session.send('Encrypt', encryptBody(session.who, plain, more));
  const encrypted = readEncrypted(plain, encryption);
  if ('problem' in encrypted) return { what, plain, encryption, encrypted, decryption: null };
  const decryption = await session.send('Decrypt', decryptBody(session.who, encrypted.sealed, more));
  return { what, plain, encryption, encrypted, decryption };
}

export async function roundTrips(session: Session, plains: Readonly<Record<string, Plain>>): Promise<readonly RoundTrip[]> {
  const done: RoundTrip[] = [];
  for (const [what, plain] of Object.entries(plains)) done.push(await roundTrip(session, what, plain));
  return done;
}

export function judgeRoundTrip({ what, plain, encryption, encrypted, decryption }: RoundTrip): Judgement {
  if (decryption === null || 'problem' in encrypted) {
    const isAnswered = encryption.kind === 'answer' && encryption.status === 200;
    const problem =
      isAnswered && 'problem' in encrypted
        ? `Encrypt answered without a usable ${encrypted.problem}`
        : `Encrypt: ${inWords(encryption)}`;
    return fails(`${what}: ${problem}`);
  }
  const back = plaintextIn(decryption);
  if (!back) return fails(`${what}: Decrypt: ${inWords(decryption)}`);
  return sameBytes(back, plain.plaintext)
    ? holds(`${what}: came back`)
    : fails(`${what}: Decrypt gave back other bytes`, {
        means: 'Data would be lost or wrong without any error.',
        remedy: 'Do not use this proxy before its maker has explained it.',
      });
}

/** All have to come back. */
export function judgeRoundTrips(trips: readonly RoundTrip[]): Judgement {
  const worst = gravest(trips.map(judgeRoundTrip));
  return worst.outcome === 'holds' ? holds(`${trips.map(({ what }) => what).join(', ')}: came back`) : worst;
}

/** As `judgeRoundTrips`; but a policy of the proxy may deny this caller or operation with 403. */
export function judgeAllowedTrips(trips: readonly RoundTrip[]): Judgement {
  const denied = trips.find(({ encryption, decryption }) =>
    [encryption, decryption].some((exchange) => exchange !== null && isRefusal(exchange, 'AccessDeniedException')),
  );
  return denied ? deniedByPolicy(denied.what) : judgeRoundTrips(trips);
}
