import { isIP } from 'node:net';
import { z } from 'zod';
import { failure, success, type Result } from '../contract/result';
import { isKeyId, isPrefix } from '../xks/uri';
import { isHostName } from './host-name';

/** No control or direction character: such a text could pretend to be another line, in a file or on a terminal. */
const HARMLESS = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;

function text(isGood: (value: string) => boolean, says: string) {
  return z.string().refine((value) => HARMLESS.test(value) && isGood(value), { error: says });
}

/** Absolute on Linux and macOS, or on Windows: a plan is often written on another system than the one it is for. */
function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

const path = text((value) => isAbsolute(value) && value.length <= 1024, 'Write the whole path, from the root on.');
const name = text((value) => /^[A-Za-z0-9._-]{1,64}$/.test(value), 'Write 1 to 64 characters of A-Z, a-z, 0-9, ".", "_", "-".');
const keyLabel = text(isKeyId, 'Write the label of a key: 1 to 128 characters of A-Z, a-z, 0-9, "-", ".", "_".');
const port = z.int().min(1).max(65_535);

/**
 * Where a proxy gets its secrets: `supervisor` asks the process that started it, `credential` is a file that systemd hands over
 * (LoadCredential=), `file` one that the proxy opens itself (0600).
 */
const secretFrom = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('supervisor') }),
  z.strictObject({
    from: z.literal('credential'),
    name: text(
      (value) => /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(value),
      'Write the name that LoadCredential= gives it, without a path.',
    ),
  }),
  z.strictObject({ from: z.literal('file'), path }),
]);

const ACCOUNT = String.raw`arn:aws(?:-[a-z]+)*:`;
const NAME = String.raw`[A-Za-z0-9+=,.@_/-]+`;
/** Sessions of a role have names that nobody knows beforehand, so what KMS names may end with `*`; a role is its sessions anyway. */
const IAM = new RegExp(String.raw`^${ACCOUNT}iam::\d{12}:(?:root|role/${NAME}|user/(?:${NAME})?\*?)$`);
const STS = new RegExp(String.raw`^${ACCOUNT}sts::\d{12}:(?:assumed-role|federated-user)/${NAME}\*?$`);
const SERVICE = /^(?:[a-z0-9.-]+\.amazonaws\.com|AWS Internal)$/;

/** Who calls KMS, as KMS tells the proxy: an IAM user, a role, its sessions, the root of an account, or a service by its name. */
const principal = text(
  (value) => value.length <= 2048 && [IAM, STS, SERVICE].some((form) => form.test(value)),
  'Write the ARN of an IAM user, a role or its sessions (…:assumed-role/NAME/*), or the name of a service.',
);

const kmsKeyArn = text(
  (value) => /^arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,128}$/.test(value),
  'Write the ARN of a KMS key.',
);

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

const credentialId = text(
  (value) => /^[A-Z2-7]{20,30}$/.test(value),
  'An access key id has 20 to 30 characters, A to Z and 2 to 7.',
);
const ckaId = text((value) => /^(?:[0-9a-f]{2}){1,64}$/.test(value), 'Write a CKA_ID as lower-case hex.');

const TWICE = { error: 'One is named twice.' };

const shape = z.strictObject({
  /** the Region that AWS KMS calls from */
  region: text((value) => /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/.test(value), 'Write a Region such as eu-central-1.'),
  /** CustomKeyStoreName, and what the proxy's audit log and policies call the store */
  keyStoreName: name,
  /** '' or `/a/b`: what stands before /kms/xks/v1 in XksProxyUriPath */
  uriPathPrefix: text(isPrefix, 'Write nothing, or a slash and letters, digits, "-", "_"; no slash at the end.'),
  /** XksProxyUriEndpoint without https:// */
  endpointHost: text(isHostName, 'Write the host name that AWS KMS calls, in lower case, such as xks.example.com.'),
  connectivity: z.enum(['public', 'vpc']),
  /** labels (CKA_LABEL) of the keys AWS KMS may use, its XksKeyIds */
  keyLabels: z.array(keyLabel).min(1).max(1000).refine(isDistinct, TWICE),
  /** a key that nothing is encrypted with */
  healthKeyLabel: keyLabel,
  /** the id that AWS KMS signs with; its secret is in no plan */
  accessKeyId: credentialId,
  secretAccessKey: secretFrom,
  /** credentials that are still taken while AWS KMS changes over to the one above */
  olderCredentials: z
    .array(z.strictObject({ accessKeyId: credentialId, secretAccessKey: secretFrom }))
    .max(3)
    .default([]),
  /** of labels with more than one key: the one that encrypts, and the one that ciphertexts without our metadata belong to */
  generations: z
    .array(z.strictObject({ label: keyLabel, current: ckaId, legacy: ckaId.nullable() }))
    .max(1000)
    .default([]),
  hsm: z.strictObject({
    /** id of a file in resources/profiles */
    profile: text((value) => /^[a-z0-9-]{2,40}$/.test(value), 'Write the id of a profile, such as thales-luna.'),
    modulePath: path,
    tokenLabel: text(
      (value) => value !== '' && new TextEncoder().encode(value).length <= 32,
      'Write the label of the token: 1 to 32 bytes.',
    ),
    pin: secretFrom,
  }),
  pool: z.strictObject({ sessions: z.int().min(1).max(1024), processes: z.int().min(1).max(64) }),
  /** proxies behind this endpoint */
  fleetSize: z.int().min(1).max(10_000),
  tls: z.strictObject({ certificateFile: path, keyFile: path }),
  stateFolder: path,
  auditFolder: path,
  listen: z.strictObject({ ip: text((value) => isIP(value) !== 0, 'Write an IP address.'), port }),
  /** a listener for Prometheus on the loopback address; null: none */
  metricsPort: port.nullable(),
  /** who may use which keys; null: everybody whom AWS KMS lets through */
  authorization: z
    .strictObject({
      policyFile: path,
      /** null: every caller */
      principals: z.array(principal).min(1).max(500).refine(isDistinct, TWICE).nullable(),
      /** KMS keys that may use this store's keys; null: every one */
      kmsKeyArns: z.array(kmsKeyArn).min(1).max(500).refine(isDistinct, TWICE).nullable(),
    })
    .nullable(),
});

/** What one proxy needs in order to run, as data. No secret is in it: where they come from is. */
export const deploymentPlan = shape
  .refine(({ keyLabels, healthKeyLabel }) => !keyLabels.includes(healthKeyLabel), {
    path: ['healthKeyLabel'],
    error: 'The health key encrypts nothing else: AWS KMS must not be given it.',
  })
  .refine(({ keyLabels, generations }) => generations.every(({ label }) => keyLabels.includes(label)), {
    path: ['generations'],
    error: 'Generations are of keys that the store names.',
  })
  .refine(({ accessKeyId, olderCredentials }) => isDistinct([accessKeyId, ...olderCredentials.map((one) => one.accessKeyId)]), {
    path: ['olderCredentials'],
    error: 'One access key id is named twice.',
  })
  .refine(({ pool }) => pool.processes <= pool.sessions, {
    path: ['pool', 'processes'],
    error: 'Every process needs a session at least.',
  })
  .refine(({ listen, metricsPort }) => listen.port !== metricsPort, {
    path: ['metricsPort'],
    error: 'The metrics need a port of their own.',
  });

export type DeploymentPlan = z.infer<typeof deploymentPlan>;

/** A plan as a file, for whoever changes something later. */
export function planText(plan: DeploymentPlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Judges a plan that came from a file, a form or a ceremony. Problems name every field that is wrong. */
export function readDeploymentPlan(value: unknown): Result<DeploymentPlan> {
  const read = deploymentPlan.safeParse(value);
  if (read.success) return success(read.data);
  const problem = read.error.issues.map(({ path: at, message }) => `${at.join('.') || 'plan'}: ${message}`).join(' ');
  return failure('input.invalid', { name: 'deployment plan', problem });
}
