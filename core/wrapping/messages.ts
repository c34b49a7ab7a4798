import { z } from 'zod';
import { ERROR_CODES } from '../contract/errors';
import { CHECK_VALUE_METHODS } from '../keys/check-value';
import { IMPORTABLE_SPECS } from '../keys/kms-spec';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../keys/wrapping';

/** What crosses the border of the wrapping child, checked on both sides. Key material is in none of it. */
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const wrapJob = z.strictObject({
  spec: z.enum(IMPORTABLE_SPECS),
  algorithm: z.enum(WRAPPING_ALGORITHMS),
  /** SubjectPublicKeyInfo DER of each wrapping key: the same material is wrapped for all of them */
  wrappingKeys: z
    .array(bytes.refine((spki) => spki.length <= 4096))
    .min(1)
    .max(16),
  source: z.discriminatedUnion('from', [
    /** an absolute path; the child alone opens it */
    z.strictObject({ from: z.literal('file'), path: z.string().min(1).max(4096) }),
    z.strictObject({ from: z.literal('generator') }),
  ]),
});

export type WrapJob = z.infer<typeof wrapJob>;

export const beginMessage = z.strictObject({ begin: z.literal('keyrite-wrap-child-1'), job: wrapJob });

const wrapped = z.strictObject({
  /** bytes of the material: a raw length is public with the spec, that of a PKCS#8 key is in the length of its blob */
  materialLength: z.int().min(1).max(16_384),
  blobs: z.array(z.strictObject({ wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS), blob: bytes })).min(1),
  checkValue: z.strictObject({
    method: z.enum(Object.keys(CHECK_VALUE_METHODS) as [keyof typeof CHECK_VALUE_METHODS]),
    value: z.string().regex(/^([0-9A-F]{6}|[0-9a-f]{64})$/),
  }),
  /** SubjectPublicKeyInfo DER of an RSA or EC key; null for a secret key */
  publicKey: bytes.nullable(),
});

export type WrapAnswer = z.infer<typeof wrapped>;

const failure = z.strictObject({
  code: z.enum(ERROR_CODES),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** The one answer of a child; `fault` where its code threw (a bug, reported on our side). */
export const answerMessage = z.union([
  z.strictObject({ result: z.strictObject({ ok: z.literal(true), value: wrapped }) }),
  z.strictObject({ result: z.strictObject({ ok: z.literal(false), error: failure }) }),
  z.strictObject({ fault: z.string() }),
]);

export type AnswerMessage = z.infer<typeof answerMessage>;
