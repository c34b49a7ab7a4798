import type { Rule, Spot } from './rule';

/** The quota of a key policy document, in bytes (AWS KMS quotas). */
export const MAX_BYTES = 32_768;

/** Bytes of a text in UTF-8 (RFC 3629). A lone surrogate counts as the replacement character it becomes. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** What `Policy` takes: TAB, LF, CR and U+0020 to U+00FF (pattern of PutKeyPolicy). An escape of JSON does not hide a character. */
const FOREIGN = /[^\t\n\r\x20-\xff]|\\u(?!00)[0-9a-fA-F]{4}/u;

export const textRules: readonly Rule[] = [
  {
    id: 'KP-SIZE',
    severity: 'error',
    title: 'at most 32,768 bytes',
    why: 'KMS refuses a larger key policy with LimitExceededException.',
    remedy: 'Name roles instead of people, or leave out what IAM policies and grants can say.',
    find: ({ read }) => {
      const bytes = utf8Bytes(read.text);
      return bytes > MAX_BYTES ? [{ at: [], says: `The policy has ${bytes} bytes.` }] : [];
    },
  },
  {
    id: 'KP-CHARACTERS',
    severity: 'error',
    title: 'characters up to U+00FF only',
    why: 'KMS takes tab, line ends and U+0020 to U+00FF in a key policy, and refuses everything else.',
    remedy: 'Write names and Sids in Latin letters; curly quotation marks and dashes come from word processors.',
    find: ({ read }): readonly Spot[] => {
      const found = FOREIGN.exec(read.text);
      if (found === null) return [];
      const code = found[0].startsWith('\\u')
        ? found[0].slice(2).toUpperCase()
        : (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase();
      return [{ at: [], offset: found.index, says: `The character U+${code.padStart(4, '0')} stands here.` }];
    },
  },
];
