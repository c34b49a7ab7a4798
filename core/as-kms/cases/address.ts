import { isIP } from 'node:net';
import { XKS_BASE } from '../../xks/uri';
import { gravest, holds, warns, type Judgement } from '../judgement';
import type { KeyStore } from '../caller';
import { proxyCase, type ProxyCase } from '../proxy-case';
import type { Credential } from '../sign';

/** What KMS would take as XksProxyUriEndpoint and XksProxyUriPath (API reference, CreateCustomKeyStore). */
export function judgeAddress({ endpoint, prefix }: Pick<KeyStore, 'endpoint' | 'prefix'>): Judgement {
  const { host, port, isTls } = endpoint;
  const found: Judgement[] = [];
  if (!isTls) found.push(warns('plain HTTP: nothing of TLS was tested, and KMS speaks HTTPS only'));
  if (isIP(host) !== 0) found.push(warns(`${host} is an address; KMS takes a public DNS name only`));
  if (isTls && port !== 443) found.push(warns(`port ${port}; KMS calls port 443 only, so something in front has to lead there`));
  if (isTls && !/^[a-zA-Z0-9.-]{2,120}$/.test(host)) found.push(warns('the host name is none that KMS takes (a-z A-Z 0-9 . -)'));
  const [worst] = found;
  return worst ? gravest(found) : holds(`https://${host}, port 443, path ${prefix}${XKS_BASE}`);
}

/** The form KMS asks of a credential (API reference, XksProxyAuthenticationCredentialType). Says lengths, never values. */
export function judgeCredential({ accessKeyId, secret }: Credential): Judgement {
  if (!/^[A-Z2-7]{20,30}$/.test(accessKeyId)) return warns('the access key id is not 20 to 30 characters of A-Z and 2-7');
  if (!/^[a-zA-Z0-9/+=]{43,64}$/.test(secret)) return warns('the secret is not 43 to 64 characters of a-z A-Z 0-9 / + =');
  return holds(`id of ${accessKeyId.length}, secret of ${secret.length} characters`);
}

export const ADDRESS_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'address',
    theme: 'connection',
    needs: 'nothing',
    expects: 'Endpoint and path are such as KMS takes: https, a DNS name, port 443.',
    means: 'KMS would not take this address as it stands.',
    remedy: 'Give KMS a public DNS name whose port 443 leads to the proxy, and test that once more.',
    run: async ({ store }) => store,
    judge: judgeAddress,
  }),
  proxyCase({
    name: 'credential-form',
    theme: 'connection',
    needs: 'nothing',
    expects: 'The credential has the form KMS asks for.',
    means: 'KMS refuses this credential when the key store is created.',
    remedy: 'Make a credential with an id of 20 to 30 characters A-Z 2-7 and a secret of 43 to 64 characters.',
    run: async ({ store }) => store.signer.credential,
    judge: judgeCredential,
  }),
];
