import type { BridgeFunctions } from '../../core/contract/bridge';
import { AWS_REGIONS, PARTITIONS } from '../../core/contract/aws-regions';
import type { AwsSettings } from '../../core/contract/aws-settings';
import { success } from '../../core/contract/result';
import { REHEARSAL_REGIONS } from '../../core/rehearsal/rehearsal-aws';
import type { KmsLook } from '../kms-look';

const EVERY_REGION = PARTITIONS.flatMap((partition) => AWS_REGIONS[partition]);

/** A look changes nothing in AWS, so it is allowed while a ceremony runs. */
export function kmsFunctions({ look, settings }: { look: KmsLook; settings: () => AwsSettings }): BridgeFunctions['kms'] {
  return {
    places: async () => {
      const { rehearsalKms, region } = settings();
      const known = EVERY_REGION.includes(region) ? EVERY_REGION : [region, ...EVERY_REGION];
      const embedded = rehearsalKms === 'embedded';
      return success({
        rehearsal: { embedded, regions: embedded ? REHEARSAL_REGIONS : known },
        production: { regions: known },
        region,
      });
    },
    keys: (request) => look.page(request),
    stop: async () => {
      look.stop();
      return success(null);
    },
  };
}
