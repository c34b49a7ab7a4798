/**
 * A JSON value in block style YAML. Every scalar is in JSON's own form, which YAML 1.1 and 1.2 read alike: no word of a policy can
 * turn into a date, a number or a boolean on the way ("2012-10-17", "no").
 */
export function yamlText(value: unknown, indent = ''): string {
  if (Array.isArray(value) && value.length > 0)
    return value.map((item) => `${indent}- ${yamlText(item, `${indent}  `).trimStart()}`).join('\n');
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (members.length === 0) return indent + JSON.stringify(value);
  return members.map(([name, member]) => memberText(name, member, indent)).join('\n');
}

function isBlock(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Names that no version of YAML takes for anything else: letters first, and no digit, because some readers take `e0` for a number. */
const PLAIN = /^[A-Za-z]{2,}$/;
const WORDS = /^(yes|no|on|off|true|false|null|nan|inf)$/i;

function memberText(name: string, value: unknown, indent: string): string {
  const key = PLAIN.test(name) && !WORDS.test(name) ? name : JSON.stringify(name);
  return isBlock(value) ? `${indent}${key}:\n${yamlText(value, `${indent}  `)}` : `${indent}${key}: ${JSON.stringify(value)}`;
}
