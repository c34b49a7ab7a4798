import { z } from 'zod';

/** Members that many requests have, with the constraints of the KMS service model. */

export const keyIdShape = z.string().min(1).max(2048);
export const aliasShape = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[a-zA-Z0-9:/_-]+$/);
export const descriptionShape = z.string().max(8192);
export const policyShape = z
  .string()
  .min(1)
  .max(131_072)
  .regex(/^[\t\n\r\u0020-\u00ff]+$/);
export const markerShape = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[\u0020-\u00ff]*$/);
export const tagsShape = z.array(z.object({ TagKey: z.string().min(1).max(128), TagValue: z.string().max(256) }));
export const materialIdShape = z.string().regex(/^[a-f0-9]{64}$/);
export const grantTokensShape = z.array(z.string().min(1).max(8192)).max(10).optional();
export const contextShape = z.record(z.string(), z.string()).optional();
export const dryRunShape = z.boolean().nullish();

export const ENCRYPTION_ALGORITHMS = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const;
export const encryptionAlgorithmShape = z.enum(ENCRYPTION_ALGORITHMS);

/** Bytes, in base64 on the wire. The limits count bytes. */
export function blobShape(min: number, max: number): z.ZodType<Uint8Array> {
  return z
    .base64()
    .transform((text) => Uint8Array.from(Buffer.from(text, 'base64')))
    .superRefine((bytes, context) => {
      if (bytes.length < min)
        context.addIssue({ code: 'custom', message: `Member must have length greater than or equal to ${min}` });
      if (bytes.length > max)
        context.addIssue({ code: 'custom', message: `Member must have length less than or equal to ${max}` });
    });
}

/** Epoch seconds on the wire, milliseconds here. */
export const timeShape = z.number().transform((seconds) => Math.round(seconds * 1000));

export function limitShape(most: number): z.ZodOptional<z.ZodInt> {
  return z.int().min(1).max(most).optional();
}
