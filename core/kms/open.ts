import { success, type Result } from '../contract/result';
import { accessCalls } from './access-calls';
import { openAsk } from './ask';
import { openClients, type Credentials } from './clients';
import { cryptoCalls } from './crypto-calls';
import { checkRegion, readEndpoint } from './endpoint';
import { identify } from './identify';
import { keyCalls } from './key-calls';
import { keyStoreCalls } from './key-store-calls';
import { materialCalls } from './material-calls';
import type { OpenNetwork } from './open-network';
import type { Asked } from './answered';
import type { Caller, KmsPort } from './port';
import { systemRim, type Rim } from './retry';
import { openSender, type Sender } from './sender';

export interface KmsOptions {
  readonly region: string;
  /** '' for AWS's own of the Region */
  readonly endpoint: string;
  /** '' for the default chain: environment, shared files (SSO, assumed role), web identity, container or instance */
  readonly profile: string;
  /** null: by profile or default chain */
  readonly credentials: Credentials | null;
  readonly runMode: 'rehearsal' | 'production';
  /** for one request, connecting included */
  readonly timeoutMs: number;
}

type Introduce = (signal?: AbortSignal) => Asked<Caller>;

/** A stand-in is asked who it is before anything else goes to it; AWS's own hosts have their certificate. */
function introduction(isAws: boolean, ask: Introduce) {
  let isKnown = isAws;
  const introduce: Introduce = async (signal) => {
    const caller = await ask(signal);
    isKnown ||= caller.ok;
    return caller;
  };
  const introduced = (sender: Sender): Sender => ({
    send: async (operation, make, signal) => {
      const caller = isKnown ? null : await introduce(signal);
      return caller === null || caller.ok ? sender.send(operation, make, signal) : caller;
    },
  });
  return { introduced, introduce };
}

/**
 * KMS of one Region as one identity, over the AWS SDK. Nothing is sent before the first call.
 * Fails with `input.invalid` (Region, endpoint) and `aws.rehearsalOnly` (production with an endpoint that is none of KMS).
 * Credentials live in the SDK's client only: they are in no error, no log and no property of what is answered.
 */
export function openKms(options: KmsOptions, rim: Rim = systemRim): Result<KmsPort> {
  const { region, runMode } = options;
  const checked = checkRegion(region);
  if (!checked.ok) return checked;
  const endpoint = readEndpoint(options.endpoint, runMode, region);
  if (!endpoint.ok) return endpoint;

  const choices = { ...options, endpoint: endpoint.value };
  const clients = openClients(choices);
  const wanted = { runMode, isAws: endpoint.value.isAws };
  const sts = openSender(clients.sts, wanted, rim);
  const where = { region, endpoint: endpoint.value.url, runMode };
  const { introduced, introduce } = introduction(wanted.isAws, (signal) => identify(sts, where, rim, signal));
  const ask = openAsk(introduced(openSender(clients.kms, wanted, rim)));
  let network: Promise<OpenNetwork> | null = null;
  /** Loaded when it is first asked: one step of one ceremony does, and the client of EC2 is large. */
  const openNetworkOnce = async (): Promise<OpenNetwork> => {
    const { openNetwork } = await import('./open-network');
    return openNetwork(choices, (client) => introduced(openSender(client, wanted, rim)));
  };
  return success({
    region,
    identify: introduce,
    ...keyCalls(ask),
    ...accessCalls(ask),
    ...materialCalls(ask),
    ...cryptoCalls(ask),
    ...keyStoreCalls(ask),
    network: () => (network ??= openNetworkOnce()),
    close: () => {
      clients.kms.destroy();
      clients.sts.destroy();
      network?.then(
        ({ close }) => close(),
        () => undefined,
      );
    },
  });
}
