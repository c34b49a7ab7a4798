/** Keeps the `limit` entries that were asked for last. */
export interface DecisionCache<T> {
  readonly get: (key: string) => T | undefined;
  readonly set: (key: string, value: T) => void;
  readonly size: () => number;
}

/** A bounded cache: callers with a session name of their own per call must not fill the memory. */
export function createDecisionCache<T extends object>(limit: number): DecisionCache<T> {
  const entries = new Map<string, T>(); // a Map keeps the order of insertion: the oldest is first
  return {
    get: (key) => {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.size > limit ? entries.keys() : [];
      if (oldest !== undefined) entries.delete(oldest);
    },
    size: () => entries.size,
  };
}
