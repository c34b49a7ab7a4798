/** JSON as it goes out. */
export type Output = Readonly<Record<string, unknown>>;

/** Bytes as JSON has them. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Milliseconds as the wire has them: epoch seconds. */
export function seconds(ms: number): number {
  return ms / 1000;
}
