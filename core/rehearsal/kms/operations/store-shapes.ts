import { z } from 'zod';

/** Members of requests about external key stores, with the constraints of the KMS service model. */

export const storeIdShape = z.string().min(1).max(64);
export const storeNameShape = z.string().min(1).max(256);
export const connectivityShape = z.enum(['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE']);
export const uriEndpointShape = z
  .string()
  .min(10)
  .max(128)
  .regex(/^https:\/\/[a-zA-Z0-9.-]+$/);
export const uriPathShape = z
  .string()
  .min(10)
  .max(128)
  .regex(/^(\/[a-zA-Z0-9/_-]+\/kms\/xks\/v\d{1,2})$|^(\/kms\/xks\/v\d{1,2})$/);
export const serviceNameShape = z
  .string()
  .min(20)
  .max(64)
  .regex(/^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$/);
export const serviceOwnerShape = z.string().regex(/^\d{12}$/);
export const credentialShape = z.object({
  AccessKeyId: z
    .string()
    .min(20)
    .max(30)
    .regex(/^[A-Z2-7]+$/),
  RawSecretAccessKey: z
    .string()
    .min(43)
    .max(64)
    .regex(/^[a-zA-Z0-9/+=]+$/),
});
export const xksKeyIdShape = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9-_.]+$/);
