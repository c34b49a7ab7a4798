import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { readSmallFileSync } from '../core/pack/small-file';

export interface JsonFile<T> {
  readonly value: () => T;
  /** Throws when the disk refuses; the value in memory is then unchanged, too. */
  readonly save: (value: T) => void;
  /** Name of the file a damaged content was kept in, or null. */
  readonly damaged: string | null;
}

function parse<T>(text: string, schema: z.ZodType<T>): { readonly value: T } | null {
  try {
    return { value: schema.parse(JSON.parse(text)) };
  } catch {
    // Not JSON, or not of this shape: the one thing to know is that it is damaged, and the caller says so.
    return null;
  }
}

/** Written beside, flushed, then renamed over: a power cut leaves the old file or the new one, never half of one. */
function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/**
 * A small JSON file of one shape. A content that does not fit (or a pipe, a folder, a link in its place) is kept aside as `<name>.damaged` and the defaults are used:
 * a broken settings file must neither stop the app nor be lost to whoever has to find out what happened.
 */
export function openJsonFile<T>(path: string, schema: z.ZodType<T>, defaults: T): JsonFile<T> {
  const found = readSmallFileSync(path);
  const fallback = found.kind === 'none' ? { value: defaults } : null;
  const read = found.kind === 'text' ? parse(found.text, schema) : fallback;
  const damaged = read === null ? `${path}.damaged` : null;
  if (damaged !== null) renameSync(path, damaged);
  let current = read?.value ?? defaults;
  return {
    value: () => current,
    save: (value) => {
      replace(path, `${JSON.stringify(schema.parse(value), null, 2)}\n`);
      current = value;
    },
    damaged,
  };
}
