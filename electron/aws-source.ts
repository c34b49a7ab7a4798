import { failure, type Result } from '../core/contract/result';
import { openKms } from '../core/kms/open';
import type { KmsPort } from '../core/kms/port';
import { openRehearsalAws } from '../core/rehearsal/rehearsal-aws';
import type { StationGround } from '../core/station/port';

/** One request to AWS. Milliseconds. */
const TIMEOUT_MS = 20_000;

/** Which AWS the settings mean: the embedded rehearsal KMS for rehearsals, AWS itself for production. */
export interface AwsSource extends Pick<StationGround, 'kms' | 'keyPolicy'> {
  readonly stop: () => Promise<void>;
}

export function openAwsSource({ rehearsalFolder }: { readonly rehearsalFolder: string }): AwsSource {
  const rehearsal = openRehearsalAws(rehearsalFolder);
  const real = ({ region, runMode }: Parameters<StationGround['kms']>[0]): Result<KmsPort> =>
    openKms({ region, endpoint: '', profile: '', credentials: null, runMode, timeoutMs: TIMEOUT_MS });
  return {
    kms: (request) => (request.runMode === 'rehearsal' ? rehearsal.kms(request) : Promise.resolve(real(request))),
    keyPolicy: (request) =>
      request.runMode === 'rehearsal'
        ? rehearsal.keyPolicy(request)
        : Promise.resolve(failure('file.notFound', { what: 'key policy' })),
    stop: rehearsal.stop,
  };
}
