import type { Plugin } from 'vite';

const INLINE_FONT = /url\('?data:font\/woff2;base64,([A-Za-z0-9+/=]+)'?\)/g;

/**
 * Cloudscape's global styles carry Open Sans as `data:` URLs. Written out as files, a page loads only the weights it uses, and the
 * content policy can say `font-src 'self'` without `data:`.
 */
export function fontFiles(): Plugin {
  return {
    name: 'keyrite-font-files',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (!/global-styles[\\/]index\.css$/.test(id)) return null;
      return this.fs.readFile(id, { encoding: 'utf8' }).then((css) => {
        let count = 0;
        return css.replace(INLINE_FONT, (_, base64: string) => {
          count += 1;
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          const file = this.emitFile({ type: 'asset', name: `open-sans-${String(count)}.woff2`, source: bytes });
          return `url('__VITE_ASSET__${file}__')`;
        });
      });
    },
  };
}
