import { z } from 'zod';
import { isKeyId } from '../xks/uri';
import { writtenTextSchema } from './act';

const stamp = { by: writtenTextSchema, why: writtenTextSchema, at: z.iso.datetime() };

const blockSchema = z.strictObject({ key: z.string().refine(isKeyId, 'is not a key id'), ...stamp });

/** Pulls that are kept, the newest: whoever arms has to read them. */
const MOST_PULLS = 20;

const recordSchema = z.strictObject({
  version: z.literal(1),
  state: z.enum(['armed', 'killed']),
  ...stamp,
  blocks: z
    .array(blockSchema)
    .refine((blocks) => new Set(blocks.map(({ key }) => key)).size === blocks.length, 'names a key twice'),
  /** of a killed one, oldest first: later pulls that were written here past the proxy, and have no line of their own in its audit log */
  pulls: z.array(z.strictObject(stamp)).min(1).max(MOST_PULLS).optional(),
});

/** One blocked key: `key` is its id (label), the rest who blocked it, why and when (ISO 8601 UTC). */
export type Block = Readonly<z.infer<typeof blockSchema>>;

/** One pull of the switch. */
export type Pull = Readonly<Pick<z.infer<typeof recordSchema>, 'by' | 'why' | 'at'>>;

/** The content of `latch.json`: killed or armed by whom, why and when, and the keys that are blocked in either state. */
export type LatchRecord = Readonly<Omit<z.infer<typeof recordSchema>, 'blocks' | 'pulls'>> & {
  readonly blocks: readonly Block[];
  readonly pulls?: readonly Pull[] | undefined;
};

/** The record with one more pull of one that is killed already; as it is where it has this very pull. */
export function pulledAgain(record: LatchRecord, { by, why, at }: Pull): LatchRecord {
  const pulls = record.pulls ?? [];
  const isThere = [record, ...pulls].some((pull) => pull.by === by && pull.why === why && pull.at === at);
  return isThere ? record : { ...record, pulls: [...pulls, { by, why, at }].slice(-MOST_PULLS) };
}

/** More than this is no latch file of ours; read into memory at boot, so it has a bound. */
export const LATCH_SIZE_LIMIT = 1 << 24;

export function latchBytes(record: LatchRecord): Uint8Array {
  return Buffer.from(`${JSON.stringify(record, null, 1)}\n`, 'utf8');
}

/** Said of a latch file without a byte in it. */
export const EMPTY_LATCH = 'is empty';

/** Strict: anything but a whole latch of this version is a problem, told for people, and whoever reads it takes it for killed. */
export function readLatchBytes(bytes: Uint8Array): { readonly record: LatchRecord } | { readonly problem: string } {
  const content = parsed(bytes);
  if (content === undefined) return { problem: bytes.length === 0 ? EMPTY_LATCH : 'is damaged: it is not JSON' };
  const version: unknown = content instanceof Object && 'version' in content ? content.version : null;
  if (Number.isInteger(version) && version !== 1)
    return { problem: `has version ${String(version)}, which this Keyrite does not know` };
  const read = recordSchema.safeParse(content);
  if (read.success) return { record: read.data };
  const [issue] = read.error.issues;
  return { problem: `is damaged: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}` };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined; // what is wrong with it does not matter: it is not a latch
  }
}
