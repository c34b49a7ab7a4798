declare const KEYRITE_VERSION: string | undefined;
declare const KEYRITE_BUILD: string | undefined;

/**
 * Name, version and build as event 0 and the manifest record them. The build writes version and commit in
 * (electron.vite.config.ts); run from source, the tool says that it is unbuilt rather than borrow a number.
 */
export const TOOL = {
  name: 'keyrite',
  version: typeof KEYRITE_VERSION === 'string' ? KEYRITE_VERSION : 'unbuilt',
  build: typeof KEYRITE_BUILD === 'string' ? KEYRITE_BUILD : 'unknown',
} as const;
