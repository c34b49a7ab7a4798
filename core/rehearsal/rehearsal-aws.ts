import { failure, success, type Result } from '../contract/result';
import type { KmsPort } from '../kms/port';
import { policyFromForm } from '../policy/template';
import type { KeyPolicyRequest, StationGround } from '../station/port';
import { REHEARSAL_ACCOUNT, REHEARSAL_CALLER_ARN } from './kms/identity';
import type { RehearsalKms } from './kms/start';
import { practiceProxyAt } from './practice-proxy';
import { practiceServicesAt } from './practice-service';

/** Regions of the rehearsal KMS. Their names are AWS's, so that people practise the right ones; nothing else is. */
export const REHEARSAL_REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2', 'ap-southeast-2'] as const;

/** One request may be a 4096-bit key pair on a busy machine. Milliseconds. */
const TIMEOUT_MS = 60_000;

/** The AWS of a rehearsal: started when it is first asked, its keys kept in `folder`. */
export interface RehearsalAws extends Pick<StationGround, 'kms' | 'keyPolicy'> {
  /** the running KMS itself, to move its clock and let it fail; starts it */
  readonly running: () => Promise<Result<RehearsalKms>>;
  readonly stop: () => Promise<void>;
}

/** What the rehearsal KMS finds around it. */
export interface RehearsalAround {
  /** folder of this station's proxy; null: there is none, and external key stores are out of reach */
  readonly proxyFolder: string | null;
}

/** A desktop does everything at once in a rehearsal; AWS allows an eighth of this. Milliseconds. */
const PROXY_TIMEOUT_MS = 2_000;

function aroundProxy(folder: string) {
  return { proxyAt: practiceProxyAt(folder), endpointServices: practiceServicesAt(folder, REHEARSAL_REGIONS) };
}

export function openRehearsalAws(folder: string, { proxyFolder }: RehearsalAround = { proxyFolder: null }): RehearsalAws {
  let started: Promise<Result<RehearsalKms>> | null = null;

  /** Loaded when a ceremony first asks: neither the KMS nor the SDK may slow down a start. */
  async function start(): Promise<Result<RehearsalKms>> {
    const { startRehearsalKms } = await import('./kms/start');
    const around = proxyFolder === null ? {} : aroundProxy(proxyFolder);
    return startRehearsalKms({ folder, regions: REHEARSAL_REGIONS, proxyTimeoutMs: PROXY_TIMEOUT_MS, ...around });
  }

  async function running(): Promise<Result<RehearsalKms>> {
    started ??= start();
    const kms = await started;
    if (!kms.ok) started = null;
    return kms;
  }

  async function kms({ region }: { readonly region: string }): Promise<Result<KmsPort>> {
    const rehearsal = await running();
    if (!rehearsal.ok) return rehearsal;
    if (!rehearsal.value.regions.includes(region))
      return failure('input.invalid', {
        field: 'awsRegion',
        problem: `The rehearsal KMS has ${rehearsal.value.regions.join(', ')}.`,
      });
    const { credentials } = rehearsal.value;
    const { openKms } = await import('../kms/open');
    return openKms({
      region,
      endpoint: rehearsal.value.endpoint(region),
      profile: '',
      credentials,
      runMode: 'rehearsal',
      timeoutMs: TIMEOUT_MS,
    });
  }

  return {
    running,
    kms,
    keyPolicy: (request) => Promise.resolve(rehearsalPolicy(request)),
    async stop() {
      const kmsThen = await started;
      started = null;
      if (kmsThen?.ok) await kmsThen.value.stop();
    },
  };
}

/** A policy with separated duties for practice: who calls the rehearsal KMS administers the key, the other duties are roles that nobody has. */
export function rehearsalPolicy({ spec, usage, wrapping, replicaRegions }: KeyPolicyRequest): Result<string> {
  const role = (name: string) => `arn:aws:iam::${REHEARSAL_ACCOUNT}:role/rehearsal-${name}`;
  const made = policyFromForm({
    account: REHEARSAL_ACCOUNT,
    partition: 'aws',
    spec,
    usage,
    administrators: [REHEARSAL_CALLER_ARN],
    operatorA: wrapping === null ? [] : [role('operator-a')],
    operatorB: wrapping === null ? [] : [role('operator-b')],
    deletionOfMaterial: wrapping === null ? [] : [role('material-deletion')],
    users: [role('application')],
    usersVia: null,
    serviceGrants: [],
    auditors: [role('auditor')],
    breakGlass: role('break-glass'),
    wrapping,
    expiration: { model: 'never' },
    replicaRegions,
  });
  return made.ok ? success(made.text) : failure('policy.keyPolicy', { problem: made.problems[0]?.problem ?? '' });
}
