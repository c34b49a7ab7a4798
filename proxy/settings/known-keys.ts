import { z } from 'zod';
import { nearest } from '../../core/contract/nearest';
import { form } from './form';
import { keyText, type KeyPath } from './remarks';

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}

/** What the form wants one step further down, or null where it has no such place. */
function below(schema: z.core.$ZodType, part: string | number): z.core.$ZodType | null {
  const here = unwrapped(schema);
  if (here instanceof z.ZodArray) return here.element;
  if (here instanceof z.ZodRecord) return here.valueType;
  if (!(here instanceof z.ZodObject)) return null;
  const shape: Readonly<Record<string, z.core.$ZodType>> = here.shape;
  return shape[String(part)] ?? null;
}

/** The keys that a table of the form can have; none where it is no table of fixed keys. */
function keysAt(path: KeyPath): readonly string[] {
  let schema: z.core.$ZodType | null = form;
  for (const part of path) schema = schema && below(schema, part);
  const here = schema && unwrapped(schema);
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** Where else the form has exactly this key: it was probably written under the wrong table. */
function elsewhere(key: string): string | null {
  for (const table of keysAt([])) {
    const inArray = unwrapped(form.shape[table as keyof typeof form.shape]) instanceof z.ZodArray;
    if (keysAt(inArray ? [table, 0] : [table]).includes(key)) return inArray ? `[[${table}]] ${key}` : `[${table}] ${key}`;
  }
  return keysAt([]).includes(key) ? `[${key}]` : null;
}

/** What to do about a key that the form does not have. */
export function unknownKeyRemedy(table: KeyPath, key: string): string {
  const known = keysAt(table);
  const meant = nearest(key, known);
  if (meant !== null) return `Did you mean ${keyText([...table, meant])}?`;
  const other = elsewhere(key);
  if (other !== null) return `It belongs elsewhere: ${other}.`;
  const place = table.length === 0 ? 'Known tables' : `Known keys of ${keyText(table)}`;
  return `Take it out. ${place}: ${known.join(', ')}.`;
}
