import type { Json } from '../evidence/canonical';

/** One machine check: its rule id, what the plan wants, what was found. */
export interface Check {
  readonly rule: string;
  readonly ok: boolean;
  readonly wanted: string;
  readonly got: string;
}

/** What is put before people at SHOW. Screens, projector, terminal and report draw these same blocks. */
export type ShowBlock =
  | {
      readonly kind: 'facts';
      readonly title: string;
      readonly rows: readonly { readonly name: string; readonly value: string; readonly mono?: boolean }[];
    }
  | {
      readonly kind: 'attributes';
      readonly title: string;
      readonly rows: readonly { readonly name: string; readonly wanted: string; readonly got: string; readonly ok: boolean }[];
    }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly empty: string;
    }
  | { readonly kind: 'fingerprint'; readonly title: string; readonly digest: string }
  /** text to be read as it stands: commands, templates, a policy */
  | { readonly kind: 'code'; readonly title: string; readonly text: string }
  /** a QR code (ISO/IEC 18004) of `text`; `modules`: one string of 0 and 1 per row, 1 is dark */
  | { readonly kind: 'qr'; readonly title: string; readonly text: string; readonly modules: readonly string[] };

/** A file for the pack, made by an act. `name` is flat and lower-case, e.g. `template.json`. */
export interface Artefact {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an act at the rim brought back: facts for machines, checks, blocks for people, named digests to compare, files. No secret, ever. */
export interface Outcome {
  readonly data: { readonly [name: string]: Json };
  readonly checks: readonly Check[];
  readonly show: readonly ShowBlock[];
  readonly values: Readonly<Record<string, string>>;
  readonly artefacts: readonly Artefact[];
}
