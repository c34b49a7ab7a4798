import { no, yes, type Answer } from './refusal';

/** One page of a list, with the members AWS has for it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly rest: { readonly Truncated: boolean; readonly NextMarker?: string };
}

/** The page after `marker`. Errors: InvalidMarkerException for a marker that no answer of ours gave. */
export function pageOf<T>(all: readonly T[], limit: number, marker: string | undefined): Answer<Page<T>> {
  const start = marker === undefined ? 0 : placeOf(marker);
  if (start === null || start > all.length) return no('InvalidMarkerException', 'The marker is not valid.');
  const end = start + limit;
  const rest = end < all.length ? { Truncated: true, NextMarker: markerAt(end) } : { Truncated: false };
  return yes({ items: all.slice(start, end), rest });
}

function markerAt(place: number): string {
  return Buffer.from(`after ${place}`).toString('base64url');
}

function placeOf(marker: string): number | null {
  const [, digits] = /^after (\d{1,9})$/.exec(Buffer.from(marker, 'base64url').toString('utf8')) ?? [];
  return digits === undefined ? null : Number(digits);
}
