import { failure, success } from '../../contract/result';
import { notMadeFrom } from '../../deployment/made-from-plan';
import { facts, outcome, type Act } from './act';
import { filesInForce, forgetOtherSecrets, textsIn } from './proxy-in-force';
import { proxyPlace } from './proxy-place';

/**
 * Deletes the secrets that the settings in force need no longer: after the use through AWS KMS, for until then they are the way back.
 * `proxy.filesChanged` where somebody went back already: the plan does not say then what the settings need.
 */
export const proxyForgetSecrets: Act = async (context) => {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const files = await filesInForce(place.value);
  if (!files.ok) return files;
  const { plan } = files.value;
  const other = notMadeFrom(plan, textsIn(files.value));
  if (other.length > 0) return failure('proxy.filesChanged', { files: other.join(', ') });
  const forgotten = await forgetOtherSecrets(place.value, plan);
  if (!forgotten.ok) return forgotten;
  const kept = [plan.accessKeyId, ...plan.olderCredentials.map(({ accessKeyId }) => accessKeyId)];
  return success(
    outcome({
      data: { kept },
      show: [
        facts('Secrets at the proxy', [
          ['Folder', place.value.secrets, true],
          ['Left, of credential', kept.join(', '), true],
        ]),
      ],
    }),
  );
};
