import { parse, TomlError } from 'smol-toml';
import type { Remarks } from './remarks';

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Only the parser's first line: the rest shows the lines around the mistake, which may hold a secret. */
function said(error: TomlError): string {
  const [first = ''] = error.message.split('\n');
  return first.replace('Invalid TOML document: ', '');
}

/** Parses a settings file; null, with a remark, where it is no TOML. */
export function parseToml(bytes: Uint8Array, remarks: Remarks): unknown {
  const text = decode(bytes);
  if (text === null) {
    remarks.error('', 'The file is not UTF-8 text.', 'Save it as UTF-8, as TOML has to be.');
    return null;
  }
  try {
    return parse(text, { unsafeKeyBehaviour: 'throw', maxDepth: 16 });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const place = `line ${error.line}, column ${error.column}`;
    remarks.error(
      place,
      `The file is not TOML here: ${said(error)}.`,
      'Repair this line or the one before; nothing else was judged.',
    );
    return null;
  }
}
