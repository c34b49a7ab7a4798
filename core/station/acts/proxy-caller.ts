import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyStore } from '../../as-kms/caller';
import type { TlsFiles } from '../../as-kms/transport';
import { failure, success, type Result } from '../../contract/result';
import type { ActContext } from './act';
import { proxyPlace } from './proxy-place';
import { deploymentHere } from './proxy-settings';
import { storePlan } from './store-plan';
import { practiceRoot } from './tls-certificate';

/** How AWS KMS would call the proxy of this ceremony. */
export interface AsKms {
  readonly store: KeyStore;
  readonly tls: TlsFiles;
}

/**
 * The proxy by its public name, with the credential of AWS KMS; one on this station at its own address, under the rehearsal
 * authority. The secret is a text while calls are signed, as every signer has it.
 */
export async function asKms(context: ActContext): Promise<Result<AsKms>> {
  const place = await proxyPlace(context);
  if (!place.ok) return place;
  const deployment = await deploymentHere(context);
  if (!deployment.ok) return deployment;
  const { accessKeyId, endpointHost: host, uriPathPrefix: prefix, listen, region } = deployment.value;
  const secret = await readFile(join(place.value.secrets, accessKeyId), 'utf8').catch(() => null);
  if (secret === null) return failure('file.notFound', { file: accessKeyId });
  const isHere = storePlan(context.state).place === 'here';
  const root = isHere ? await practiceRoot(place.value) : (context.standIns?.publicRoots ?? []).join('\n');
  const connectTo = isHere ? { host: listen.ip, port: listen.port } : (context.standIns?.addressOf(host) ?? null);
  return success({
    store: {
      endpoint: { isTls: true, host, port: 443, authority: host, ...(connectTo !== null && { connectTo }) },
      prefix,
      signer: { credential: { accessKeyId, secret }, region },
    },
    tls: root === '' ? {} : { ca: root },
  });
}
