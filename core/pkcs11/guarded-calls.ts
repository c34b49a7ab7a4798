import pkcs11 from 'pkcs11js';
import type { PKCS11 } from 'pkcs11js';

/**
 * The library at `path` in this thread, with `before` called ahead of every C_ function. What `before` throws keeps the call from
 * being made: that is how a kill or a block reaches an operation of several calls. The library must have been started already
 * (C_Initialize is once per process).
 */
export function guardedLibrary(path: string, before: () => void): PKCS11 {
  const api = new pkcs11.PKCS11();
  api.load(path);
  const calls = api as unknown as Record<string, unknown>;
  for (const name of Object.keys(calls).filter((key) => key.startsWith('C_'))) {
    const call = calls[name];
    if (typeof call !== 'function') continue;
    calls[name] = (...values: unknown[]): unknown => {
      before();
      return call.apply(api, values) as unknown;
    };
  }
  return api;
}
