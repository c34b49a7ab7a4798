import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { storesHere } from '../key-stores';
import { writingAfter, type Call } from '../operation';
import { invalid, no, yes, type Answer } from '../refusal';
import { acceptValues, requireAnswering, type StoreValues } from '../store-values';
import {
  connectivityShape,
  credentialShape,
  serviceNameShape,
  serviceOwnerShape,
  storeNameShape,
  uriEndpointShape,
  uriPathShape,
} from './store-shapes';

/** Of one account and Region, those of AWS CloudHSM included. */
const MOST_STORES = 10;

const shape = z.object({
  CustomKeyStoreName: storeNameShape,
  CustomKeyStoreType: z.enum(['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE']).optional(),
  XksProxyConnectivity: connectivityShape.optional(),
  XksProxyUriEndpoint: uriEndpointShape.optional(),
  XksProxyUriPath: uriPathShape.optional(),
  XksProxyVpcEndpointServiceName: serviceNameShape.optional(),
  XksProxyVpcEndpointServiceOwner: serviceOwnerShape.optional(),
  XksProxyAuthenticationCredential: credentialShape.optional(),
});

type Input = z.infer<typeof shape>;

/** Errors: UnsupportedOperationException for a key store of AWS CloudHSM, which is what KMS takes where it is not told. */
function valuesOf(input: Input, { region }: Call): Answer<StoreValues> {
  if (input.CustomKeyStoreType !== 'EXTERNAL_KEY_STORE')
    return no('UnsupportedOperationException', 'This rehearsal KMS makes no key stores of AWS CloudHSM.');
  const { XksProxyConnectivity, XksProxyUriEndpoint, XksProxyUriPath, XksProxyAuthenticationCredential } = input;
  if (!XksProxyConnectivity || !XksProxyUriEndpoint || !XksProxyUriPath || !XksProxyAuthenticationCredential)
    return invalid('An external key store requires connectivity, URI endpoint, URI path and authentication credential.');
  const { AccessKeyId: accessKeyId, RawSecretAccessKey: secret } = XksProxyAuthenticationCredential;
  return yes({
    region,
    name: input.CustomKeyStoreName,
    connectivity: XksProxyConnectivity,
    uriEndpoint: XksProxyUriEndpoint,
    uriPath: XksProxyUriPath,
    vpcServiceName: input.XksProxyVpcEndpointServiceName ?? null,
    vpcServiceOwner: input.XksProxyVpcEndpointServiceOwner ?? null,
    credential: { accessKeyId, secret },
  });
}

function acceptedValues(input: Input, call: Call): Answer<StoreValues> {
  const values = valuesOf(input, call);
  if (!values.ok) return values;
  const others = storesHere(call);
  if (others.length >= MOST_STORES)
    return no('LimitExceededException', `An account has ${MOST_STORES} custom key stores in a Region at most.`);
  const accepted = acceptValues(values.value, others);
  return accepted.ok ? values : accepted;
}

async function ask(input: Input, call: Call): Promise<Answer<null>> {
  const values = acceptedValues(input, call);
  return values.ok ? requireAnswering(call, values.value, false) : values;
}

/** A new store is disconnected. */
export const createCustomKeyStore = writingAfter(shape, ask, (input, call) => {
  const values = acceptedValues(input, call);
  if (!values.ok) return values;
  const storeId = `cks-${randomBytes(9).toString('hex').slice(1)}`;
  call.state.keyStores.push({ ...values.value, storeId, createdAtMs: call.now, connection: { state: 'DISCONNECTED' } });
  const answer = { CustomKeyStoreId: storeId };
  call.notes.response = answer;
  return yes(answer);
});
