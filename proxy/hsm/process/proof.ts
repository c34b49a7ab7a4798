import { randomBytes, timingSafeEqual } from 'node:crypto';
import { fillRandom, isTokenThere, isUserSession, type Library, type ObjectHandle } from '../../../core/pkcs11/data-session';
import { scopeOf } from '../../../core/pkcs11/data-scope';
import { returnName } from '../../../core/pkcs11/return-value';
import type { Gcm } from './gcm';
import { Stopped } from './flags';
import { isZero } from './iv-source';

export interface ProofParts {
  readonly api: Library;
  readonly slot: ObjectHandle;
  readonly serial: string;
  readonly gcm: Gcm;
}

/** `key`: encrypted and decrypted with the health key; `session`: without one, only that session, login, token and RNG answer. */
export type Proof =
  { readonly by: 'key' | 'session' } | { readonly by: 'nothing'; readonly reason: string; readonly isKeyGone: boolean };

const AAD = Buffer.from('keyrite health');

function roundTrip({ gcm }: ProofParts, session: ObjectHandle, health: ObjectHandle): boolean {
  const challenge = randomBytes(32);
  return timingSafeEqual(gcm.open(session, health, gcm.seal(session, health, challenge, AAD), AAD), challenge);
}

function answers({ api, slot, serial }: ProofParts, session: ObjectHandle): boolean {
  const drawn = Buffer.alloc(16);
  if (!isTokenThere(api, slot, serial) || !isUserSession(api, session)) return false;
  fillRandom(api, session, drawn);
  return !isZero(drawn);
}

/** Is the token well, seen from this session? `health` empty: there is no health key, and the proof is the weaker one. */
export function prove(parts: ProofParts, session: ObjectHandle, health: ObjectHandle): Proof {
  try {
    const byKey = health.length > 0;
    const isWell = byKey ? roundTrip(parts, session, health) : answers(parts, session);
    return isWell ? { by: byKey ? 'key' : 'session' } : { by: 'nothing', reason: 'proof', isKeyGone: false };
  } catch (error) {
    if (error instanceof Stopped) throw error;
    const reason = returnName(error) ?? 'proof';
    return { by: 'nothing', reason, isKeyGone: scopeOf(reason) === 'key' };
  }
}
