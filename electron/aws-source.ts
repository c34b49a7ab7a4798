import { AWS_SEATS, type AwsSeat, type AwsSettings } from '../core/contract/aws-settings';
import type { Result } from '../core/contract/result';
import type { AwsIdentity } from '../core/contract/values';
import type { RunMode } from '../core/ceremony/view-model';
import type { KmsPort } from '../core/kms/port';
import { openRehearsalAws } from '../core/rehearsal/rehearsal-aws';
import type { KeyPolicyRequest, StationGround } from '../core/station/port';

/** One request to AWS. Milliseconds. */
const TIMEOUT_MS = 20_000;

/** Which AWS the settings mean: the embedded rehearsal KMS for rehearsals, AWS itself for production. */
export interface AwsSource extends Pick<StationGround, 'kms' | 'keyPolicy'> {
  /** who each seat is, in the Region of the settings */
  readonly identify: (runMode: RunMode) => Promise<readonly AwsIdentity[]>;
  readonly stop: () => Promise<void>;
}

export function openAwsSource(ground: {
  readonly rehearsalFolder: string;
  /** of this station's proxy: where the rehearsal KMS finds it */
  readonly proxyFolder: string;
  readonly settings: () => AwsSettings;
  /** the policy that this station's people make of a plan */
  readonly peoplePolicy: (request: KeyPolicyRequest) => Result<string>;
}): AwsSource {
  const { settings } = ground;
  const rehearsal = openRehearsalAws(ground.rehearsalFolder, { proxyFolder: ground.proxyFolder });
  const isEmbedded = (runMode: RunMode): boolean => runMode === 'rehearsal' && settings().rehearsalKms === 'embedded';
  const real = async ({ region, runMode, as }: Parameters<StationGround['kms']>[0]): Promise<Result<KmsPort>> => {
    // the SDK is loaded when AWS is first asked: it must not slow down the start
    const { openKms } = await import('../core/kms/open');
    const { endpoint, profiles } = settings();
    return openKms({ region, endpoint, profile: profiles[as], credentials: null, runMode, timeoutMs: TIMEOUT_MS });
  };
  const kms: StationGround['kms'] = (request) => (isEmbedded(request.runMode) ? rehearsal.kms(request) : real(request));
  return {
    kms,
    keyPolicy: (request) =>
      isEmbedded(request.runMode) ? rehearsal.keyPolicy(request) : Promise.resolve(ground.peoplePolicy(request)),
    identify: (runMode) => {
      const { region, profiles } = settings();
      const open = (as: AwsSeat): Promise<Result<KmsPort>> => kms({ region, runMode, as });
      return Promise.all(AWS_SEATS.map((seat) => identityOf(seat, isEmbedded(runMode) ? '' : profiles[seat], open)));
    },
    stop: rehearsal.stop,
  };
}

async function identityOf(
  seat: AwsSeat,
  profile: string,
  open: (seat: AwsSeat) => Promise<Result<KmsPort>>,
): Promise<AwsIdentity> {
  const kms = await open(seat);
  if (!kms.ok) return { seat, profile, caller: null, failure: kms.error };
  const asked = await kms.value.identify();
  kms.value.close();
  if (!asked.ok) return { seat, profile, caller: null, failure: asked.error };
  const { account, arn, region, endpoint, rehearsal } = asked.value.value;
  return { seat, profile, caller: { account, arn, region, endpoint, rehearsal }, failure: null };
}
