/** The names of a pack, exactly as auditors find them. Nothing else may lie in its folder. */
export const PACK = {
  script: 'script.yaml',
  transcript: 'transcript.jsonl',
  report: 'report.pdf',
  artefacts: 'artefacts',
  manifest: 'manifest.json',
} as const;

/** A ceremony id is also the name of its folder. */
export const CEREMONY_ID = /^[a-z0-9][a-z0-9-]{3,80}$/;
