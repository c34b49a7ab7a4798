import type { KeyStoreChanges } from './key-store';
import type { InputOf } from './operations';

type StoreParameters = Pick<
  InputOf<'UpdateCustomKeyStore'>,
  | 'XksProxyConnectivity'
  | 'XksProxyUriEndpoint'
  | 'XksProxyUriPath'
  | 'XksProxyVpcEndpointServiceName'
  | 'XksProxyVpcEndpointServiceOwner'
>;

/** Where KMS finds a proxy, in the parameters CreateCustomKeyStore and UpdateCustomKeyStore share. What is absent is not sent. */
export function storeParameters({
  connectivity,
  uriEndpoint,
  uriPath,
}: Pick<KeyStoreChanges, 'connectivity' | 'uriEndpoint' | 'uriPath'>): StoreParameters {
  return {
    ...(connectivity && { XksProxyConnectivity: connectivity.kind }),
    ...(uriEndpoint !== undefined && { XksProxyUriEndpoint: uriEndpoint }),
    ...(uriPath !== undefined && { XksProxyUriPath: uriPath }),
    ...(connectivity?.kind === 'VPC_ENDPOINT_SERVICE' && {
      XksProxyVpcEndpointServiceName: connectivity.serviceName,
      ...(connectivity.serviceOwner !== '' && { XksProxyVpcEndpointServiceOwner: connectivity.serviceOwner }),
    }),
  };
}
