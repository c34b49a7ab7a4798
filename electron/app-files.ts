import { extname, join } from 'node:path';

/** The only kinds of file a page may ask for; a file of another kind in the folder is as good as absent. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * The file an app:// address means, or null where it means none. Segments are matched against what a build makes, not cleaned:
 * `..`, encoded slashes, backslashes, NUL and drive letters simply do not match, so nothing outside the folder has an address.
 */
export function fileOfAddress(address: string, folder: string): { readonly path: string; readonly contentType: string } | null {
  const match = /^app:\/\/keyrite\/([^?#]*)(?:#.*)?$/.exec(address);
  if (!match) return null;
  const segments = (match[1] === '' ? 'index.html' : (match[1] ?? '')).split('/');
  if (!segments.every((segment) => SEGMENT.test(segment))) return null;
  const contentType = CONTENT_TYPES[extname(segments.at(-1) ?? '')];
  return contentType === undefined ? null : { path: join(folder, ...segments), contentType };
}
