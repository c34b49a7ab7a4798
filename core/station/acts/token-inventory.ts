import { canonical } from '../../evidence/canonical';
import { success, type Result } from '../../contract/result';
import type { Json } from '../../evidence/canonical';
import type { CeremonyState } from '../../ceremony/state';
import type { Check, ShowBlock } from '../../keys/evidence';
import { diffInventory, type InventoryDiff, type InventoryEntry } from '../../keys/inventory';
import type { TokenPort } from '../../pkcs11/port';
import { sha256Text } from '../../pack/sha256';
import { approvedPlan } from './planned-key';
import { check, jsonArtefact, outcome, type Act } from './act';

/** An inventory in a fixed order, with the SHA-256 of its JCS form. */
export interface SortedInventory {
  readonly entries: readonly InventoryEntry[];
  readonly digest: string;
}

export async function takeInventory(port: TokenPort): Promise<Result<SortedInventory>> {
  const listed = await port.inventory();
  if (!listed.ok) return listed;
  const entries = listed.value
    .map((entry) => ({ key: canonical(entry), entry }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ entry }) => entry);
  return success({ entries, digest: sha256Text(canonical(entries)) });
}

/** Every object on the token before anything is made. */
export const inventoryBefore: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const inventory = await takeInventory(port.value);
  if (!inventory.ok) return inventory;
  const { entries, digest } = inventory.value;
  return success(
    outcome({
      data: { entries: entries as unknown as Json, digest },
      show: [table('Objects on the token', entries)],
      values: { 'inventory.before': digest },
      artefacts: [jsonArtefact('inventory-before.json', canonical(entries))],
    }),
  );
};

/** Every object afterwards, and what changed: exactly the planned key came, or went, and nothing else. */
export const inventoryAfter: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const inventory = await takeInventory(port.value);
  if (!inventory.ok) return inventory;
  const { entries, digest } = inventory.value;
  const before = (context.state.data['token.inventoryBefore']?.['entries'] ?? []) as unknown as readonly InventoryEntry[];
  const diff = diffInventory(before, entries);
  return success(
    outcome({
      data: { digest },
      checks: [plannedDelta(context.state, diff)],
      show: [
        table('New objects', diff.added),
        ...(isQuiet(diff)
          ? []
          : [
              table('Removed', diff.removed),
              table(
                'Changed',
                diff.changed.map(({ after }) => after),
              ),
            ]),
      ],
      values: { 'inventory.after': digest },
      artefacts: [jsonArtefact('inventory-after.json', canonical(entries))],
    }),
  );
};

function isQuiet({ removed, changed }: InventoryDiff): boolean {
  return removed.length === 0 && changed.length === 0;
}

function plannedDelta(state: CeremonyState, diff: InventoryDiff): Check {
  const plan = approvedPlan(state);
  const objects = plan.ok ? plan.value.objects.length : 0;
  const made = state.data['token.generate'] === undefined ? 0 : objects;
  const gone = state.data['token.generate'] === undefined && state.data['token.destroy'] !== undefined ? objects : 0;
  const isOurs = ({ ckaId, label }: InventoryEntry) => plan.ok && ckaId === plan.value.ckaId && label === plan.value.label;
  const wanted = deltaText({ added: made, ours: made, removed: gone, changed: 0 });
  const got = deltaText({
    added: diff.added.length,
    ours: diff.added.filter(isOurs).length,
    removed: diff.removed.length,
    changed: diff.changed.length,
  });
  return check('CER-INVENTORY-DELTA', plan.ok && got === wanted && diff.removed.every(isOurs), wanted, got);
}

function deltaText(delta: {
  readonly added: number;
  readonly ours: number;
  readonly removed: number;
  readonly changed: number;
}): string {
  return `${delta.added} new (${delta.ours} planned), ${delta.removed} removed, ${delta.changed} changed`;
}

function table(title: string, entries: readonly InventoryEntry[]): ShowBlock {
  return {
    kind: 'table',
    title,
    columns: ['Class', 'Type', 'Label', 'CKA_ID'],
    rows: entries.map((entry) => [entry.class, entry.keyType, entry.label, entry.ckaId]),
    empty: 'None',
  };
}
