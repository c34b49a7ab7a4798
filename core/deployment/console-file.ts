import { failure, success, type Result } from '../contract/result';
import { XKS_BASE } from '../xks/uri';
import type { DeploymentPlan } from './plan';
import { asciiBytes, joined } from './secret-text';

/** A-Z a-z 0-9 / + = (AWS KMS, RawSecretAccessKey). None of them has to be escaped in JSON. */
function isSecretByte(byte: number): boolean {
  const isLetter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
  // 0x2f to 0x39: "/" and the digits
  return isLetter || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b || byte === 0x3d;
}

/** The place of the secret: no field of a plan can hold this text, for none may hold a control character. */
const PLACE = '\0';

/**
 * The JSON file that the console of AWS KMS takes for a new key store ("proxy configuration file"). It holds the secret: whoever has
 * it can call the proxy. Bytes of their own, to be written with mode 0600 and overwritten.
 * @param secret ASCII of the secret access key, 43 to 64 characters
 */
export function consoleFile(plan: DeploymentPlan, secret: Uint8Array): Result<Uint8Array> {
  if (secret.length < 43 || secret.length > 64 || !secret.every(isSecretByte))
    return failure('input.invalid', {
      name: 'secret access key',
      problem: 'A secret access key has 43 to 64 characters of A-Z, a-z, 0-9, "/", "+" and "=".',
    });
  const file = {
    XksProxyUriPath: plan.uriPathPrefix + XKS_BASE,
    XksProxyAuthenticationCredential: { AccessKeyId: plan.accessKeyId, RawSecretAccessKey: PLACE },
  };
  const [before = '', after = ''] = JSON.stringify(file, null, 2).split(JSON.stringify(PLACE).slice(1, -1));
  return success(joined(asciiBytes(before), secret, asciiBytes(`${after}\n`)));
}
