/** Characters of a policy text that the screen takes; the door takes little more in all. A larger file is for the terminal. */
export const POLICY_CHARS = 60_000;

/** The Cedar policy that the settings of this station's proxy name. */
export interface ProxyPolicy {
  /** false: the settings name none, so every correctly signed caller is allowed */
  readonly isSet: boolean;
  /** without its folder, '' where none is set */
  readonly fileName: string;
  /** of the file as it is now; a running proxy decides by what it read at its start or last reload */
  readonly text: string;
}

/** Why a policy cannot be used, and where. */
export interface PolicyTextProblem {
  /** from 1; null where the problem is of the text as a whole */
  readonly at: { readonly line: number; readonly column: number } | null;
  readonly problem: string;
  readonly remedy: string;
}

/** Requests of one caller, key and operation that the same policies would answer differently. */
export interface PolicyChange {
  readonly requests: number;
  readonly caller: string;
  readonly kmsOperation: string;
  readonly store: string;
  readonly keyId: string;
  /** ids of the policies that decide now; `default-deny`, `fault` */
  readonly policy: string;
  /** those that decided then, '' where none was in force */
  readonly wasPolicy: string;
}

export interface PolicyChanges {
  /** all of them */
  readonly requests: number;
  /** most requests first, 50 at most */
  readonly rows: readonly PolicyChange[];
  /** requests in further rows */
  readonly unlisted: number;
}

/** What a policy would have answered to the newest requests of the audit log. Texts are printable ASCII. */
export interface PolicyReplay {
  readonly judged: number;
  /** times of the first and last request judged, ISO 8601 UTC; '' without one */
  readonly since: string;
  readonly until: string;
  /** `whole`: there are no older ones; `enough`: older ones were not asked for; `cut`: time or size ended it before that */
  readonly reach: 'whole' | 'enough' | 'cut';
  readonly refused: PolicyChanges;
  readonly allowed: PolicyChanges;
  readonly notJudged: {
    readonly health: number;
    readonly refusedBefore: number;
    readonly otherEvents: number;
    readonly unreadable: number;
  };
}

export type PolicyTrial =
  | { readonly kind: 'problems'; readonly problems: readonly PolicyTextProblem[] }
  | { readonly kind: 'noLog'; readonly problem: string }
  | { readonly kind: 'replayed'; readonly policies: number; readonly replay: PolicyReplay };
