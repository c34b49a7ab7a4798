import { z } from 'zod';

const step = z.string().regex(/^\d{1,2}\.\d{1,2}$/);
/** Text that has a canonical form: half of a surrogate pair has none (RFC 8785, 3.2.2.2). */
const wellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
const sentence = z.string().trim().min(1).max(2000).refine(wellFormed);
const officer = z.string().regex(/^[0-9a-f]{16}$/);

export const SEVERITIES = ['cosmetic', 'procedural', 'security', 'fatal'] as const;
export const DECISIONS = ['continue', 'repeat', 'stop'] as const;
export const EFFECTS_ON_KEY = ['none', 'redo', 'destroy'] as const;

/**
 * What people can ask of a running ceremony, as it crosses the bridge. Secrets (PINs, passphrases) are not commands:
 * they travel beside them as bytes. Whether a command is allowed now is `decide`'s business alone.
 */
export const personCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('read'), step }),
  z.strictObject({ type: z.literal('tick'), step, item: z.int().min(0).max(40) }),
  z.strictObject({ type: z.literal('choose'), step, option: z.string().max(40) }),
  z.strictObject({ type: z.literal('enter'), step, value: z.string().max(200).refine(wellFormed) }),
  z.strictObject({ type: z.literal('compareRow'), step, row: z.int().min(1).max(8), equal: z.boolean() }),
  z.strictObject({ type: z.literal('act'), step }),
  z.strictObject({ type: z.literal('seal'), step }),
  z.strictObject({
    type: z.literal('raiseException'),
    severity: z.enum(SEVERITIES),
    expected: sentence,
    happened: sentence,
  }),
  z.strictObject({
    type: z.literal('decideException'),
    number: z.int().min(1),
    decision: z.enum(DECISIONS),
    reason: sentence,
    effectOnKey: z.enum(EFFECTS_ON_KEY),
    /** Seats, e.g. CA and IW; at least two different ones decide. */
    decidedBy: z.array(z.string().max(12)).min(2).max(12),
    owner: sentence,
  }),
  z.strictObject({ type: z.literal('pause'), reason: sentence, minutes: z.int().min(1).max(100_000) }),
  z.strictObject({
    type: z.literal('resume'),
    /** the head on paper is the head on screen */
    headMatches: z.boolean(),
    /** the seats that are back in the room */
    present: z.array(z.string().max(12)).max(12),
  }),
  z.strictObject({ type: z.literal('inspect') }),
  z.strictObject({
    type: z.literal('recover'),
    choice: z.enum(['adopt', 'redo', 'stop']),
    decidedBy: z.array(z.string().max(12)).min(2).max(12),
  }),
  z.strictObject({ type: z.literal('abort'), reason: sentence, decidedBy: z.array(z.string().max(12)).min(2).max(12) }),
]);

export type PersonCommand = z.infer<typeof personCommand>;

/** What an officer's credential is asked for: the seat signs in, approves the current step's subject, or signs the sealed transcript. */
export const signCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('signIn'), seat: z.string().max(12), officer }),
  z.strictObject({
    type: z.literal('approve'),
    step,
    seat: z.string().max(12),
    officer,
    digest: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.strictObject({ type: z.literal('sign'), seat: z.string().max(12), officer, head: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ type: z.literal('dissent'), seat: z.string().max(12), reason: sentence }),
]);

export type SignCommand = z.infer<typeof signCommand>;

/** Who logs in to the token. */
export type TokenUser = 'user' | 'so';

/** The two media of an air gap: from the online station to the offline one, and back. */
export type Medium = 'out' | 'back';
