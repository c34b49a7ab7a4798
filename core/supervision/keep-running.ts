import { z } from 'zod';
import { replaceFile } from '../pack/durable';
import { readSmallFile } from '../pack/small-file';

const kept = z.strictObject({ version: z.literal(1), isWanted: z.boolean(), state: z.string().default('') });

/** What is remembered of a proxy beyond the end of the program that supervises it. */
export interface Kept {
  /** a person wanted it to run */
  readonly isWanted: boolean;
  /** the state folder it was started with last; '' where nobody wrote it down */
  readonly state: string;
}

/** A file that cannot be read says no: nothing starts by accident. */
export async function keptOf(path: string): Promise<Kept> {
  try {
    const found = await readSmallFile(path);
    return kept.parse(found.kind === 'text' ? JSON.parse(found.text) : null);
  } catch {
    return { isWanted: false, state: '' };
  }
}

/** Where it cannot be written, a person starts the proxy by hand the next time. */
export async function keep(path: string, { isWanted, state }: Kept): Promise<void> {
  await replaceFile(path, Buffer.from(`${JSON.stringify({ version: 1, isWanted, state })}\n`)).catch(() => undefined);
}
