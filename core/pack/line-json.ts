/** A line of a log as JSON; null for one that is none: what is no event is for the verifier to say. */
export function lineJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
