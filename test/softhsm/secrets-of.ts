import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';

/** A secret that must be nowhere, with every form in which it could have been written down. */
export interface Secret {
  readonly name: string;
  readonly forms: readonly string[];
}

/** As itself, in hex, in base64, and base64 of a text. */
export function secretOf(name: string, bytes: Uint8Array): Secret {
  const held = Buffer.from(bytes);
  const forms = [held.toString('latin1'), held.toString('hex'), held.toString('hex').toUpperCase(), held.toString('base64')];
  return { name, forms: [...forms, encodeURIComponent(held.toString('latin1'))] };
}

/**
 * A private RSA key in PEM: each line of its second half, for a file may have them in other places, and the bytes of that half. What
 * stands before are the modulus and the exponent, which every certificate has too.
 */
export function secretPem(name: string, pem: string): Secret {
  const all = pem.split('\n').filter((line) => line.length > 40 && !line.startsWith('-----'));
  const lines = all.slice(Math.ceil(all.length / 2));
  const der = Buffer.from(lines.join(''), 'base64');
  return { name, forms: [...lines, der.toString('hex'), der.subarray(0, 60).toString('latin1')] };
}

/** Texts of a file as a reader would find them: unpacked where it is packed, the streams of a PDF too. */
function textsOf(name: string, bytes: Buffer): string[] {
  if (name.endsWith('.gz')) return [gunzipSync(bytes).toString('latin1')];
  const text = bytes.toString('latin1');
  return name.endsWith('.pdf') ? [text, ...streamsOf(bytes, text)] : [text];
}

function streamsOf(bytes: Buffer, text: string): string[] {
  return [...text.matchAll(/stream\r?\n/g)].flatMap(({ index, 0: mark }) => {
    try {
      return [inflateSync(bytes.subarray(index + mark.length)).toString('latin1')];
    } catch {
      return []; // a picture, or not packed: then it was in the text already
    }
  });
}

/** `file: secret` for every secret that is found below these folders; files in `except` hold one by design. */
export async function secretsIn(
  folders: readonly string[],
  secrets: readonly Secret[],
  except: (path: string) => boolean = () => false,
): Promise<{ readonly found: readonly string[]; readonly files: number }> {
  const found: string[] = [];
  let files = 0;
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || except(path)) continue;
      files += 1;
      const texts = textsOf(basename(path), await readFile(path));
      found.push(...hits(texts, secrets).map((name) => `${path}: ${name}`));
    }
  }
  return { found, files };
}

export function hits(texts: readonly string[], secrets: readonly Secret[]): string[] {
  return secrets.filter(({ forms }) => texts.some((text) => forms.some((form) => text.includes(form)))).map(({ name }) => name);
}
