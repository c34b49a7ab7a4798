import type { ReactElement } from 'react';

/** A moment of the record: ISO 8601 in UTC, to the minute; the whole of it on hover. */
export function Instant({ iso }: { readonly iso: string }): ReactElement {
  return (
    <time dateTime={iso} title={iso}>
      {iso.length > 17 ? `${iso.slice(0, 16)}Z` : iso}
    </time>
  );
}
