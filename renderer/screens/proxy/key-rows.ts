import type { ProxyStatus } from '../../../core/contract/proxy-status';

export interface KeySwitch {
  readonly key: string;
  /** names of the key stores that serve it; none for a block of a key that the settings do not name */
  readonly stores: readonly string[];
  readonly block: ProxyStatus['latch']['blocks'][number] | null;
  /** why it cannot be used, '' where it can */
  readonly problem: string;
  readonly encryptions: number;
}

/** Every key that is served or blocked, with its switch: those that need a look first, then by name. */
export function keySwitches({ stores, latch, keys, hsm }: ProxyStatus): readonly KeySwitch[] {
  const names = new Set([...stores.flatMap((store) => store.keys), ...latch.blocked]);
  const needsLook = ({ block, problem }: KeySwitch): boolean => block !== null || problem !== '';
  return [...names]
    .map((key) => ({
      key,
      stores: stores.filter((store) => store.keys.includes(key)).map(({ name }) => name),
      block: latch.blocks.find((block) => block.key === key) ?? null,
      problem: keys.problems.find((problem) => problem.key === key)?.problem ?? '',
      encryptions: hsm.counts.encryptions[key] ?? 0,
    }))
    .toSorted((a, b) => Number(needsLook(b)) - Number(needsLook(a)) || a.key.localeCompare(b.key));
}
