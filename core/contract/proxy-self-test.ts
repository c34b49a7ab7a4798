/** What one case of the self-test found; see core/as-kms. `holds`, `fails`, `warns`, `untested` (something else has to work first). */
export interface SelfTestFinding {
  readonly name: string;
  readonly theme: string;
  readonly outcome: 'holds' | 'fails' | 'warns' | 'untested' | 'notApplicable';
  /** the expectation, as a sentence */
  readonly expects: string;
  readonly seen: string;
  /** '' where it holds */
  readonly means: string;
  readonly remedy: string;
  /** ConnectionErrorCode or exception of KMS; '' where there is none */
  readonly kmsSays: string;
}

/** This station's proxy as KMS would see it, called with its own credential. Holds no secret, plaintext or ciphertext. */
export interface ProxySelfTest {
  /** ISO 8601 UTC */
  readonly startedAt: string;
  readonly url: string;
  readonly path: string;
  readonly key: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly findings: readonly SelfTestFinding[];
  /** of a short run of calls, measured from this machine; null: it could not be made */
  readonly latency: { readonly calls: number; readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number } | null;
  readonly isReached: boolean;
  readonly isContent: boolean;
  /** the verdict in one sentence */
  readonly sentence: string;
}
