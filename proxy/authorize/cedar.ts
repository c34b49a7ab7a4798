import type * as CedarModule from '@cedar-policy/cedar-wasm/nodejs';

/** The package's module for Node. 4 MB of WebAssembly: loaded when the first policy is, never by a proxy without one. */
export type Cedar = typeof CedarModule;

export const CEDAR_MODULE = '@cedar-policy/cedar-wasm/nodejs';

/** Loads the engine into this thread; the second time it is there already. Takes about 20 ms the first time. */
export async function loadCedar(): Promise<Cedar> {
  return import('@cedar-policy/cedar-wasm/nodejs');
}
