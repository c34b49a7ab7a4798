import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../pack/durable';

const kept = z.strictObject({ version: z.literal(1), isWanted: z.boolean() });

/** Did a person want the proxy to run when this program ended last? A file that cannot be read says no: nothing starts by accident. */
export async function wasRunning(path: string): Promise<boolean> {
  try {
    return kept.parse(JSON.parse(await readFile(path, 'utf8'))).isWanted;
  } catch {
    return false;
  }
}

/** Where it cannot be written, a person starts the proxy by hand the next time. */
export async function rememberRunning(path: string, isWanted: boolean): Promise<void> {
  await replaceFile(path, Buffer.from(`${JSON.stringify({ version: 1, isWanted })}\n`)).catch(() => undefined);
}
