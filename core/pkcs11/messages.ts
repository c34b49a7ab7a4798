import { z } from 'zod';
import { ERROR_CODES } from '../contract/errors';
import { KEY_SPECS, PURPOSES } from '../keys/spec';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../keys/wrapping';
import type { TokenPort } from './port';

/** What crosses the border of the token child. Both sides check what comes in; nothing is taken for what its sender says it is. */
const serial = z.string().max(16);
const label = z.string().max(255);
const ckaId = z.string().regex(/^([0-9a-f]{2}){1,64}$/);
const path = z.string().min(1).max(4096);
const profile = z.string().max(40);
const bytes = (most: number) => z.instanceof(Uint8Array).refine((given) => given.length >= 1 && given.length <= most);
const secret = bytes(256);
const nothing = z.null();

const attributeName = z.templateLiteral(['CKA_', z.string().max(60)]);
const attributeValue = z.union([z.boolean(), z.string().max(2048), z.array(z.string().max(60)).max(64)]);
const row = z.strictObject({ name: attributeName, value: attributeValue });
const template = z.strictObject({
  class: z.enum(['secret', 'public', 'private']),
  wanted: z.array(row).max(64),
  expected: z.array(row).max(64),
  unprovable: z.array(z.strictObject({ ...row.shape, reason: z.string().max(1000) })).max(64),
});
const wish = { purpose: z.enum(PURPOSES), keySpec: z.enum(KEY_SPECS), label };
const plan = z.strictObject({
  format: z.literal('keyrite-key-plan-1'),
  tokenSerial: serial,
  ...wish,
  ckaId,
  follows: ckaId.optional(),
  mechanism: z.string().max(60),
  objects: z.array(template).min(1).max(2),
});
const wrapping = z.strictObject({ algorithm: z.enum(WRAPPING_ALGORITHMS), wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS) });
/** Room for more than an RSA-4096 key, so that a file of the wrong kind is refused in its own words; and for what GenerateMac takes. */
const spki = bytes(4096);
const macMessage = bytes(4096);

/** The argument of every call, by its name in TokenPort; `null` where a call has none. */
export const ARGUMENTS = {
  list: z.strictObject({ modulePath: path, profile }),
  open: z.strictObject({ modulePath: path, profile, serial, label }),
  login: z.strictObject({ user: z.enum(['user', 'so']), pin: secret.nullable() }),
  logout: nothing,
  initialise: z.strictObject({ serial, label, soPin: secret.nullable() }),
  setUserPin: z.strictObject({ pin: secret.nullable() }),
  random: z.strictObject({ bytes: z.int().min(1).max(1024) }),
  inventory: nothing,
  audit: nothing,
  preflight: z.strictObject({ ...wish, ckaId: ckaId.nullable() }),
  plan: z.strictObject({ ...wish, ckaId, follows: ckaId.optional() }),
  generate: plan,
  find: z.strictObject({ ckaId }),
  readBack: plan,
  readBackInSecondSession: plan,
  negativeTests: plan,
  checkValue: plan,
  publicKey: plan,
  functionalTest: plan,
  importWrappingKey: z.strictObject({ spki, ckaId, label, algorithm: z.enum(WRAPPING_ALGORITHMS) }),
  wrapKey: z.strictObject({ plan, wrappingKey: z.strictObject({ ckaId }), wrapping }),
  trialWrap: z.strictObject({ keySpec: z.enum(KEY_SPECS), wrapping }),
  refusesUntrusted: plan,
  mac: z.strictObject({ plan, message: macMessage }),
  destroy: z.strictObject({ ckaId, label }),
  close: nothing,
} as const satisfies Record<keyof TokenPort, z.ZodType>;

export type TokenCall = keyof typeof ARGUMENTS;

const callName = z.enum(Object.keys(ARGUMENTS) as [TokenCall, ...TokenCall[]]);

/** First message to a child: where the profiles are. */
export const beginMessage = z.strictObject({ begin: z.literal('keyrite-token-child-1'), profilesFolder: path });

/** One call. The argument is checked against `ARGUMENTS[call]` afterwards. */
export const callMessage = z.strictObject({ id: z.int().min(1), call: callName, argument: z.unknown() });

const failure = z.strictObject({
  code: z.enum(ERROR_CODES),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** The answer to a call: a Result, or `fault` where the child's code threw (a bug, reported once, on our side). */
export const answerMessage = z.union([
  z.strictObject({
    id: z.int().min(1),
    result: z.union([
      z.strictObject({ ok: z.literal(true), value: z.unknown() }),
      z.strictObject({ ok: z.literal(false), error: failure }),
    ]),
  }),
  z.strictObject({ id: z.int().min(1), fault: z.string() }),
]);

export type AnswerMessage = z.infer<typeof answerMessage>;
