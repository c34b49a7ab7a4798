import { z } from 'zod';
import { metadataBody } from '../bodies';
import { errorNameOf, inWords, jsonOf, type Exchange } from '../exchange';
import { fails, holds, type Judgement } from '../judgement';
import { probes, succeededOrDenied } from '../probes';
import { proxyCase, type ProxyCase } from '../proxy-case';

const keyAnswer = z.looseObject({
  keySpec: z.string(),
  keyUsage: z.array(z.string()).max(10),
  keyStatus: z.enum(['ENABLED', 'DISABLED']),
});

/** What CreateKey says when GetKeyMetadata is answered like this (Developer Guide). */
const CREATE_KEY: Readonly<Record<string, string>> = {
  KeyNotFoundException: 'XksKeyNotFoundException',
  InvalidStateException: 'XksKeyInvalidConfigurationException',
  InvalidKeyUsageException: 'XksKeyInvalidConfigurationException',
};

export function judgeKeyMetadata(exchange: Exchange): Judgement {
  if (exchange.kind !== 'answer' || exchange.status !== 200)
    return fails(inWords(exchange), { kmsSays: CREATE_KEY[errorNameOf(exchange)] ?? 'CustomKeyStoreInvalidStateException' });
  const read = keyAnswer.safeParse(jsonOf(exchange));
  if (!read.success) return fails('keySpec, keyUsage or keyStatus is missing or not as it must be');
  const { keySpec, keyUsage, keyStatus } = read.data;
  if (keySpec !== 'AES_256') return fails('keySpec is not AES_256');
  if (!['ENCRYPT', 'DECRYPT'].every((usage) => keyUsage.includes(usage))) return fails('keyUsage lacks ENCRYPT or DECRYPT');
  if (keyStatus !== 'ENABLED')
    return fails('keyStatus is DISABLED', {
      remedy: 'Unblock the key or arm the proxy, if it was killed or blocked on purpose.',
    });
  return holds('AES_256, ENCRYPT and DECRYPT, ENABLED');
}

export const METADATA_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'metadata',
    theme: 'metadata',
    needs: 'credential',
    expects: 'GetKeyMetadata says AES_256, ENCRYPT and DECRYPT, ENABLED.',
    means: 'KMS creates no key with this external key.',
    remedy: 'Use an AES key of 256 bits that may encrypt and decrypt, under the label given as --key.',
    kmsSays: 'XksKeyInvalidConfigurationException',
    run: (session) => session.send('GetKeyMetadata', metadataBody(session.who)),
    judge: judgeKeyMetadata,
  }),
  proxyCase({
    name: 'metadata-callers',
    theme: 'metadata',
    needs: 'credential',
    expects: 'Members that may appear, and such as nobody knows yet, do not disturb GetKeyMetadata.',
    means: 'CreateKey fails for some callers, or after a change in KMS.',
    remedy: 'Take optional members as they come and ignore unknown ones.',
    kmsSays: 'CustomKeyStoreInvalidStateException',
    run: (session) => {
      const ask = (more: Record<string, unknown>) => () => session.send('GetKeyMetadata', metadataBody(session.who, more));
      return probes({
        'kmsKeyArn and kmsViaService': ask({ kmsKeyArn: session.who.kmsKeyArn, kmsViaService: 'ebs' }),
        'VPC and endpoint': ask({ awsSourceVpc: 'vpc-1234567890abcdef0', awsSourceVpce: 'vpce-1234567890abcdef0' }),
        'the operation DescribeKey': ask({ kmsOperation: 'DescribeKey' }),
        'unknown members': ask({ sourceIdentity: 'later', kmsRequestId: 'no uuid at all' }),
      });
    },
    judge: succeededOrDenied,
  }),
];
