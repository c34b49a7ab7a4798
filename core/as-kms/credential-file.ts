import { open } from 'node:fs/promises';
import { z } from 'zod';
import { isPrefix, XKS_BASE } from '../xks/uri';
import { unreadable, type Read } from './endpoint';
import type { Credential } from './sign';

/** A credential, and the prefix where the file names one. */
export interface CredentialFile {
  readonly credential: Credential;
  /** null: the file does not say */
  readonly prefix: string | null;
}

const FILE_BYTES_LIMIT = 64 * 1024;
const accessKeyId = z.string().regex(/^[^/,\s]{1,128}$/);
const secret = z.string().min(1).max(1024);

/** The file the AWS console takes for a new key store. */
const consoleFile = z.looseObject({
  XksProxyUriPath: z.string(),
  XksProxyAuthenticationCredential: z.looseObject({ AccessKeyId: accessKeyId, RawSecretAccessKey: secret }),
});
const plainFile = z.looseObject({ accessKeyId, secretAccessKey: secret });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // the parser's own words quote the file, and with it the secret
    return undefined;
  }
}

function readConsoleFile({
  XksProxyUriPath: path,
  XksProxyAuthenticationCredential: set,
}: z.infer<typeof consoleFile>): Read<CredentialFile> {
  const prefix = path.endsWith(XKS_BASE) ? path.slice(0, -XKS_BASE.length) : null;
  if (prefix === null || !isPrefix(prefix))
    return unreadable(`The credential file's XksProxyUriPath has to be /PREFIX${XKS_BASE}.`);
  return { ok: true, value: { credential: { accessKeyId: set.AccessKeyId, secret: set.RawSecretAccessKey }, prefix } };
}

/** @param text the console's configuration JSON, or `{"accessKeyId": ..., "secretAccessKey": ...}`. Problems never quote it. */
export function parseCredentialFile(text: string): Read<CredentialFile> {
  const json = jsonOf(text);
  if (json === undefined) return unreadable('The credential file is not JSON.');
  const fromConsole = consoleFile.safeParse(json);
  if (fromConsole.success) return readConsoleFile(fromConsole.data);
  const plain = plainFile.safeParse(json);
  if (plain.success)
    return {
      ok: true,
      value: { credential: { accessKeyId: plain.data.accessKeyId, secret: plain.data.secretAccessKey }, prefix: null },
    };
  return unreadable(
    'The credential file holds neither XksProxyUriPath with XksProxyAuthenticationCredential nor accessKeyId with secretAccessKey.',
  );
}

/** Group and others must have no right to it: who reads the secret can use the keys. Windows has no such bits. */
function isPrivate(mode: number): boolean {
  return process.platform === 'win32' || (mode & 0o077) === 0;
}

/** Looked at and read through one handle, so that the file judged is the file read. */
export async function readCredentialFile(path: string): Promise<Read<CredentialFile>> {
  const file = await open(path, 'r').catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown');
  if (typeof file === 'string') return unreadable(`The credential file ${path} cannot be read (${file}).`);
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size > FILE_BYTES_LIMIT) return unreadable(`${path} is not a credential file.`);
    if (!isPrivate(facts.mode))
      return unreadable(`Others may read ${path}, and with it the secret. Mend it with: chmod 600 ${path}`);
    return parseCredentialFile(await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}
