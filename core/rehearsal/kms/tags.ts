import { no, yes, type Answer } from './refusal';
import type { Regional } from './state';

const MOST_TAGS = 50;

/** `held` with `more`, which win. Errors: TagException for a name of AWS's own or one given twice; LimitExceededException. */
export function acceptTags(
  held: Regional['tags'],
  more: readonly { readonly TagKey: string; readonly TagValue: string }[],
): Answer<Regional['tags']> {
  const names = more.map(({ TagKey }) => TagKey);
  if (names.some((name) => name.startsWith('aws:'))) return no('TagException', 'Tags beginning with aws: are reserved');
  if (new Set(names).size < names.length) return no('TagException', 'Duplicate tag keys');
  const all = new Map([
    ...held.map(({ key, value }) => [key, value] as const),
    ...more.map((tag) => [tag.TagKey, tag.TagValue] as const),
  ]);
  if (all.size > MOST_TAGS) return no('LimitExceededException', `A key has ${MOST_TAGS} tags at most.`);
  return yes([...all].map(([key, value]) => ({ key, value })));
}
