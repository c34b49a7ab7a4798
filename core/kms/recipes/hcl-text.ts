/** JSON's escapes that Terraform's language does not know. */
const ESCAPES: Readonly<Record<string, string>> = { '\\b': '\\u0008', '\\f': '\\u000c' };

/** A string of Terraform's language: JSON's, with the escapes it has, and no template in it comes alive. */
export function hclString(text: string): string {
  return JSON.stringify(text)
    .replace(/\\./g, (escape) => ESCAPES[escape] ?? escape)
    .replace(/([$%])\{/g, '$1$1{');
}

/** `name = value` lines; equals signs of neighbours on one line each stand under each other, as `terraform fmt` wants it. */
export function hclMembers(members: readonly (readonly [name: string, value: string])[], indent: string): string {
  const isLong = members.map(([, value]) => value.includes('\n'));
  const width = (at: number): number => {
    if (isLong[at]) return 0;
    const first = isLong.lastIndexOf(true, at) + 1;
    const next = isLong.indexOf(true, at);
    return Math.max(...members.slice(first, next === -1 ? undefined : next).map(([name]) => name.length));
  };
  return members.map(([name, value], at) => `${indent}${name.padEnd(width(at))} = ${value}\n`).join('');
}

/** A JSON value as an expression of Terraform's language. */
export function hclText(value: unknown, indent = ''): string {
  if (typeof value === 'string') return hclString(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${hclText(item, inner)},\n`);
    return items.length === 0 ? '[]' : `[\n${items.join('')}${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => [hclString(name), hclText(member, inner)] as const);
  return members.length === 0 ? '{}' : `{\n${hclMembers(members, inner)}${indent}}`;
}
