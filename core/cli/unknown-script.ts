import { nearest } from '../contract/nearest';
import { inRepository } from '../setup/root.mjs';
import { listScripts } from '../station/library';

/** A sentence about a script that is not shipped: the nearest one, and all there are. */
export async function unknownScript(name: string): Promise<string> {
  const shipped = await listScripts(inRepository('resources'));
  const ids = shipped.ok ? shipped.value.map(({ script }) => script.id) : [];
  const meant = nearest(name, ids);
  const nearby = meant === null ? '' : ` Is "${meant}" meant?`;
  return `There is no ceremony "${name}".${nearby} Shipped: ${ids.join(', ')}. A script of your own goes into resources/ceremonies.`;
}
