/** What Roboto, the one font in the report, can draw: Latin, Greek, Cyrillic and common signs. */
const DRAWABLE =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Inherited}\u0020-\u007e\u00a0-\u00ff\u2009\u2010-\u2015\u2018-\u2022\u2026\u2030\u20ac\u2122\u2212\u2260\u2264\u2265\n]/u;

/** Text as it can be drawn. A sign the font lacks is written by its number, so that nothing vanishes from the evidence. */
export function printable(text: string): string {
  return Array.from(text, (sign) =>
    DRAWABLE.test(sign) ? sign : `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  ).join('');
}
