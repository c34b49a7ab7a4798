import { loadAuthorizer, type Authorizer } from '../authorize/authorizer';
import type { KeyChoice } from '../hsm/port';
import { servingOf, type Serving } from '../serving';
import type { SecretTools } from '../settings/secrets';
import type { Settings } from '../settings/settings';
import { loadCredentials, type CredentialsByPrefix, type Loaded } from './secrets-at-hand';

/** All that a reload exchanges, as one value that is swapped in whole: a request ends under the one it began with. */
export interface InForce {
  readonly settings: Settings;
  readonly credentials: CredentialsByPrefix;
  readonly serving: Serving;
  /** null: no policy is set */
  readonly authorizer: Authorizer | null;
}

/** Every key that a key store names, with the generations the settings choose. */
export function choicesOf({ keyStores, keys }: Settings): readonly KeyChoice[] {
  const labels = new Set(keyStores.flatMap((store) => [...store.keys]));
  return [...labels].map((label) => ({ label, current: null, legacy: null, ...keys.get(label) }));
}

export interface PrepareTools {
  readonly secrets: SecretTools;
  /** epoch ms */
  readonly now: () => number;
  /** a fault of the policy engine; the request was denied */
  readonly onPolicyFault: (what: string) => void;
}

/**
 * Fetches what the settings lead to. Changes nothing: what cannot be had is named, and `before` stays in force.
 * @param before null at start
 */
export async function prepare(settings: Settings, before: InForce | null, tools: PrepareTools): Promise<Loaded<InForce>> {
  const credentials = await loadCredentials(settings, before?.credentials ?? new Map(), tools.secrets);
  const policies = settings.authorization ? await loadAuthorizer(settings.authorization.policyFile, tools.onPolicyFault) : null;
  const wrong = [...(credentials.ok ? [] : credentials.remarks), ...(policies === null || policies.ok ? [] : policies.problems)];
  if (!credentials.ok || (policies !== null && !policies.ok)) return { ok: false, remarks: wrong };
  return {
    ok: true,
    value: {
      settings,
      credentials: credentials.value,
      serving: servingOf(settings, credentials.value, before?.serving ?? null, tools.now()),
      authorizer: policies?.value ?? null,
    },
  };
}
