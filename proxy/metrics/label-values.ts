import type { XksErrorName } from '../../core/xks/errors';

/** The operations KMS is known to name. Any text may come; each one as a label value of its own would fill the memory. */
const OPERATIONS: ReadonlySet<string> = new Set([
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'CreateKey',
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'KmsHealthCheck',
  'ReEncrypt',
  'UpdateCustomKeyStore',
]);

/** '' (not read) is `none`. */
export function knownOperation(kmsOperation: string): string {
  if (kmsOperation === '') return 'none';
  return OPERATIONS.has(kmsOperation) ? kmsOperation : 'other';
}

/** What KMS makes of an error (specification, "Error codes"; the words of the metric XksProxyErrors). */
const RETRYABLE: ReadonlySet<XksErrorName> = new Set(['ThrottlingException', 'InternalException', 'DependencyTimeoutException']);

export function errorType(name: XksErrorName): 'Retryable' | 'Non-retryable' {
  return RETRYABLE.has(name) ? 'Retryable' : 'Non-retryable';
}
