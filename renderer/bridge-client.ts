import type { Area, BridgeFunctions, PageApi } from '../core/contract/bridge';
import { failure, type Result } from '../core/contract/result';

declare global {
  interface Window {
    /** Put there by the preload; the page's only door. */
    readonly keyrite: PageApi;
  }
}

async function knock(area: string, verb: string, input: unknown): Promise<Result<unknown>> {
  try {
    return (await window.keyrite.call(area, verb, input)) as Result<unknown>;
  } catch {
    // The door itself answers refusals as values; what it throws is a lost main process or a bug, logged over there.
    return failure('bridge.fault', { area, verb });
  }
}

function areaClient(area: string): unknown {
  return new Proxy({}, { get: (_, verb) => (input?: unknown) => knock(area, String(verb), input) });
}

const areas = new Map<string, unknown>();

/** Every verb of the contract as a function. The types are the contract's; the schemas are checked at the door, not here. */
export const bridge = new Proxy({} as BridgeFunctions, {
  get(_, name) {
    const area = String(name) as Area;
    const client = areas.get(area) ?? areaClient(area);
    areas.set(area, client);
    return client;
  },
});
