import { LEAST_AAD_BYTES, LEAST_PLAINTEXT_BYTES } from '../../xks/wire';
import { encryptBody, decryptBody, type Members } from '../bodies';
import type { Exchange } from '../exchange';
import { untested } from '../judgement';
import { probes, succeededOrDenied, type Probe } from '../probes';
import { proxyCase, type ProxyCase } from '../proxy-case';
import { judgeAllowedTrips, roundTrip } from '../round-trip';
import type { Session } from '../session';
import { plainOf } from './encrypt';

const ARN_LENGTH = 2048;

/** As long as an ARN may be. */
function longArn(start: string): string {
  return start.padEnd(ARN_LENGTH, 'a');
}

const LONG: Members = {
  awsPrincipalArn: longArn('arn:aws:sts::111122223333:assumed-role/'),
  kmsKeyArn: longArn('arn:aws:kms:eu-central-1:111122223333:key/'),
};

/** The specification's own samples and AWS's test client hold ARNs of this form. */
const ODD: Members = { kmsKeyArn: 'arn:aws:kms:us-east-2:111122223333:/key/1234abcd', kmsRequestId: 'not a uuid' };

const CALLERS: Readonly<Record<string, Members>> = {
  'an AWS service as caller': { awsPrincipalArn: 'ec2.amazonaws.com', kmsViaService: 'ebs' },
  'the caller "AWS Internal"': { awsPrincipalArn: 'AWS Internal' },
  'through a VPC endpoint': { awsSourceVpc: 'vpc-1234567890abcdef0', awsSourceVpce: 'vpce-1234567890abcdef0' },
  'ARN and request id of odd form': ODD,
};

async function bothWith(session: Session, variants: Readonly<Record<string, Members>>): Promise<readonly Probe[] | string> {
  const sample = await session.ciphertext();
  if ('problem' in sample) return sample.problem;
  const { who } = session;
  const requests = Object.entries(variants).flatMap(([what, more]): [string, () => Promise<Exchange>][] => [
    [`${what}, Encrypt`, () => session.send('Encrypt', encryptBody(who, sample.plain, more))],
    [`${what}, Decrypt`, () => session.send('Decrypt', decryptBody(who, sample.sealed, more))],
  ]);
  return probes(Object.fromEntries(requests));
}

const judgeBoth = (seen: readonly Probe[] | string) => (typeof seen === 'string' ? untested(seen) : succeededOrDenied(seen));
const SOME_FAIL = 'Calls of some callers fail, though nothing is wrong with them.';
const TAKE_AS_IS = 'Take ARNs and ids as opaque text of up to 2,048 characters; leave judging them to a policy.';

export const CALLER_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'callers',
    theme: 'encrypt',
    needs: 'ciphertext',
    expects: 'Services, "AWS Internal", VPC endpoints and ARNs of odd form are taken.',
    means: SOME_FAIL,
    remedy: TAKE_AS_IS,
    kmsSays: 'KMSInvalidStateException',
    run: (session) => bothWith(session, CALLERS),
    judge: judgeBoth,
  }),
  proxyCase({
    name: 'long-arns',
    theme: 'encrypt',
    needs: 'ciphertext',
    expects: 'ARNs of 2,048 characters are taken.',
    means: SOME_FAIL,
    remedy: TAKE_AS_IS,
    kmsSays: 'KMSInvalidStateException',
    run: (session) => bothWith(session, { 'both ARNs at their longest': LONG }),
    judge: judgeBoth,
  }),
  proxyCase({
    name: 'largest-request',
    theme: 'encrypt',
    needs: 'credential',
    expects: 'The largest legal request of all comes back: 4,300 bytes of plaintext, 8,192 of AAD, ARNs of 2,048 characters.',
    means: 'A cap on the whole body cuts off what KMS may send.',
    remedy: 'Take bodies of 64 KiB at least, in a reverse proxy too.',
    kmsSays: 'KMSInvalidStateException',
    run: async (session) => [
      await roundTrip(session, 'all at their longest', plainOf(LEAST_PLAINTEXT_BYTES, LEAST_AAD_BYTES, true), LONG),
    ],
    judge: judgeAllowedTrips,
  }),
  proxyCase({
    name: 'unknown-members',
    theme: 'encrypt',
    needs: 'ciphertext',
    expects: 'Members nobody knows yet and an unknown kmsOperation are taken.',
    means: 'The key store breaks on the day KMS sends something new.',
    remedy: 'Ignore unknown members and do not check kmsOperation against a list.',
    kmsSays: 'KMSInvalidStateException',
    run: async (session) => {
      const sample = await session.ciphertext();
      if ('problem' in sample) return sample.problem;
      const more = { kmsOperation: 'SomethingNew', sourceIdentity: 'ada', nitroEnclave: { pcr0: 'later' } };
      return probes({
        Encrypt: () => session.send('Encrypt', { ...encryptBody(session.who, sample.plain, more), somethingNew: [1, 2] }),
        Decrypt: () => session.send('Decrypt', { ...decryptBody(session.who, sample.sealed, more), somethingNew: [1, 2] }),
      });
    },
    judge: judgeBoth,
  }),
];
