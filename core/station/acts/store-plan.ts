import { z } from 'zod';
import type { CeremonyState } from '../../ceremony/state';
import { XKS_BASE } from '../../xks/uri';
import { callPlan, type CallPlan } from './kms-plan';

/** What the inputs of a ceremony say of a key store and its proxy. */
export interface StorePlan extends CallPlan {
  /** `here`: the proxy of this station, for practice; `server`: servers of one's own */
  readonly place: 'here' | 'server';
  readonly storeName: string;
  /** what stands before /kms/xks/v1; begins with a slash */
  readonly prefix: string;
  /** XksProxyUriPath */
  readonly uriPath: string;
  /** the public name of the proxy, or the private DNS name of the endpoint service */
  readonly host: string;
  /** XksProxyUriEndpoint */
  readonly endpoint: string;
  readonly connectivity: 'public' | 'vpc';
  /** '' without an endpoint service */
  readonly vpcServiceName: string;
  /** 12 digits; '' for the calling account */
  readonly vpcServiceOwner: string;
  /** CKA_LABEL in the HSM and XksKeyId in KMS */
  readonly keyLabel: string;
  readonly healthLabel: string;
  /** ARN of the principal that the proxy serves; '' in a ceremony that does not set it up */
  readonly allowedPrincipal: string;
  /** ARN of one that must be refused */
  readonly refusedPrincipal: string;
}

const NONE = 'none';

function orEmpty(value: string | undefined): string {
  return value === undefined || value === NONE ? '' : value;
}

export function storePlan(state: CeremonyState): StorePlan {
  const { inputs } = state.genesis.data;
  const prefix = orEmpty(inputs['uriPrefix']);
  const host = inputs['proxyHost'] ?? '';
  return {
    ...callPlan(state),
    place: inputs['place'] === 'here' ? 'here' : 'server',
    storeName: inputs['storeName'] ?? '',
    prefix,
    uriPath: prefix + XKS_BASE,
    host,
    endpoint: `https://${host}`,
    connectivity: inputs['connectivity'] === 'vpc' ? 'vpc' : 'public',
    vpcServiceName: orEmpty(inputs['vpcServiceName']),
    vpcServiceOwner: orEmpty(inputs['vpcServiceOwner']),
    keyLabel: inputs['keyLabel'] ?? '',
    healthLabel: inputs['healthLabel'] ?? '',
    allowedPrincipal: inputs['allowedPrincipal'] ?? '',
    refusedPrincipal: orEmpty(inputs['refusedPrincipal']),
  };
}

/** Id of the key store in KMS, as this ceremony made or found it; '' before. */
export function storeIdOf(state: CeremonyState): string {
  const known = state.data['aws.createStore'] ?? state.data['aws.findStore'];
  const id = known?.['storeId'];
  return typeof id === 'string' ? id : '';
}

/** How many proxies serve the key store, as the plan has it; 0: it does not say. */
export function fleetSizeOf({ genesis, data }: Pick<CeremonyState, 'genesis' | 'data'>): number {
  const planned = z
    .object({ fleetSize: z.int() })
    .safeParse((data['proxy.plan'] ?? data['servers.readSettings'])?.['deployment']);
  return planned.success ? planned.data.fleetSize : Number(genesis.data.inputs['fleetSize'] ?? 0);
}
