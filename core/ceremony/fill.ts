/**
 * Puts values into `{name}` places of a script's words. A place without a value stays as it is written,
 * so that a missing value is seen in the room; lint refuses names that can never have one.
 */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-zA-Z.]+)\}/g, (place, name: string) => values[name] ?? place);
}

/** The names of the places in a text. */
export function places(text: string): string[] {
  return [...text.matchAll(/\{([a-zA-Z.]+)\}/g)].map((match) => match[1] ?? '');
}

/** The names every ceremony has, besides its inputs and the entries made in it. */
export const KNOWN_PLACES = [
  'id',
  'mode',
  'token.serial',
  'token.label',
  'script.words',
  'plan.words',
  'key.id',
  'key.checkValue',
  'endpointService.unseen',
] as const;
