/**
 * What a permission on a key amounts to, in the order of a key's life:
 * `see` facts about it; `policy` rewrite this policy; `manage` switch, name, tag and replicate it; `fetch` download wrapping key
 * and import token; `import` put material in; `rotate` make pending material current; `withdraw` take material out; `delete`
 * schedule its deletion or call it off; `use` encrypt, sign, compute with it; `grant` let others use it; `revoke` end grants.
 */
export const ACTION_GROUPS = [
  'see',
  'policy',
  'manage',
  'fetch',
  'import',
  'rotate',
  'withdraw',
  'delete',
  'use',
  'grant',
  'revoke',
] as const;

export type ActionGroup = (typeof ACTION_GROUPS)[number];

/** Actions that a key policy can give or refuse, by group (AWS KMS permissions reference, policy type "Key policy"). */
export const KEY_ACTIONS = {
  see: [
    'DescribeKey',
    'GetKeyLastUsage',
    'GetKeyPolicy',
    'GetKeyRotationStatus',
    'GetPublicKey',
    'ListGrants',
    'ListKeyPolicies',
    'ListKeyRotations',
    'ListResourceTags',
  ],
  policy: ['PutKeyPolicy'],
  manage: [
    'CreateAlias',
    'DeleteAlias',
    'DisableKey',
    'DisableKeyRotation',
    'EnableKey',
    'EnableKeyRotation',
    'ReplicateKey',
    'TagResource',
    'UntagResource',
    'UpdateAlias',
    'UpdateKeyDescription',
    'UpdatePrimaryRegion',
  ],
  fetch: ['GetParametersForImport'],
  import: ['ImportKeyMaterial'],
  rotate: ['RotateKeyOnDemand'],
  withdraw: ['DeleteImportedKeyMaterial'],
  delete: ['CancelKeyDeletion', 'ScheduleKeyDeletion'],
  use: [
    'Decapsulate',
    'Decrypt',
    'DeriveSharedSecret',
    'Encapsulate',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateMac',
    'ReEncryptFrom',
    'ReEncryptTo',
    'Sign',
    'Verify',
    'VerifyMac',
  ],
  grant: ['CreateGrant'],
  revoke: ['RevokeGrant'],
} as const satisfies Readonly<Record<ActionGroup, readonly string[]>>;

/** Actions that stand in IAM policies only: in a key policy they give nothing (the same reference, policy type "IAM policy"). */
export const IAM_ONLY_ACTIONS = [
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'CreateKey',
  'DeleteCustomKeyStore',
  'DescribeCustomKeyStores',
  'DisconnectCustomKeyStore',
  'GenerateRandom',
  'ListAliases',
  'ListKeys',
  'ListRetirableGrants',
  'RetireGrant',
  'UpdateCustomKeyStore',
] as const;

/** Operations a principal of another account can do on the key (the same reference, "Cross-account use"). */
const CROSS_ACCOUNT: ReadonlySet<string> = new Set([
  ...KEY_ACTIONS.use,
  ...KEY_ACTIONS.grant,
  ...KEY_ACTIONS.revoke,
  'DescribeKey',
  'GetKeyRotationStatus',
  'GetPublicKey',
  'ListGrants',
]);

/** Operations a grant can pass on (CreateGrant, `Operations`). */
export const GRANT_ACTIONS: ReadonlySet<string> = new Set([
  ...KEY_ACTIONS.use,
  ...KEY_ACTIONS.grant,
  'DescribeKey',
  'GetPublicKey',
]);

/** Every action of a key policy, without its `kms:`. */
export const ALL_KEY_ACTIONS: readonly string[] = ACTION_GROUPS.flatMap((group) => [...KEY_ACTIONS[group]]);

export function worksAcrossAccounts(action: string): boolean {
  return CROSS_ACCOUNT.has(action);
}

/** Does a pattern of Action (`*` any characters, `?` one; letter case means nothing) match an action such as `kms:Decrypt`? */
export function matchesAction(pattern: string, action: string): boolean {
  // Nearly every entry is a plain name of another length: the table of who can do what asks a hundred thousand times.
  if (!pattern.includes('*') && pattern.length !== action.length) return false;
  return wildcard(pattern.toLowerCase(), action.toLowerCase());
}

/** Does `pattern` (`*` any characters, `?` one) match all of `text`? In linear space, without a regular expression to blow up. */
export function wildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      p += 1;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** The key policy's actions, as `kms:Name`, that one entry of Action covers. */
export function expand(pattern: string): readonly string[] {
  return ALL_KEY_ACTIONS.map((name) => `kms:${name}`).filter((action) => matchesAction(pattern, action));
}
