import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import { isSecretAccessKey, SECRET_RULE } from './patterns';
import { LARGEST_SECRET_BYTES, noSecret, withSecretFile, type SecretProblem } from './secret-file';
import type { SecretSource } from './settings';

export type SecretAnswer = { readonly ok: true; readonly value: Uint8Array } | SecretProblem;

/** The parent process that hands out secrets: the desktop app. `name` is that of `loadSecret`. null: it has none by that name. */
export interface Supervisor {
  readonly secret: (name: string) => Promise<Uint8Array | null>;
}

export interface SecretTools {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null: nobody supervises this process */
  readonly supervisor: Supervisor | null;
  /** how long a descriptor may take until its end; 10 s unless told */
  readonly waitMs?: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Editors and `echo` end a file with a newline; one is not part of the secret. */
function withoutNewline(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== LINE_FEED) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CARRIAGE_RETURN ? -2 : -1);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > LARGEST_SECRET_BYTES) return null;
  }
  const whole = new Uint8Array(Buffer.concat(parts));
  for (const part of parts) part.fill(0);
  return whole;
}

/** A pipe is waited for without a thread: one that never ends can be left, and does not keep the process from ending. */
function openStream(fd: number): Readable {
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isSocket() ? new Socket({ fd, readable: true, writable: false }) : createReadStream('', { fd });
}

function unreadable(fd: number, error: unknown): SecretProblem {
  const { code, message } = error as NodeJS.ErrnoException;
  return noSecret(
    `descriptor ${fd} cannot be read to its end (${code ?? message})`,
    'Open it for reading when the proxy is started, and close the other end after writing. It can be read once: a reload keeps what was read.',
  );
}

/** Reads a descriptor to its end, once, and closes it: a second reading would find nothing, or a descriptor that is another file by then. */
async function fromDescriptor(fd: number, waitMs: number): Promise<SecretAnswer> {
  try {
    const stream = openStream(fd);
    const timer = setTimeout(() => stream.destroy(new Error('ETIMEDOUT')), waitMs);
    const bytes = await collect(stream as AsyncIterable<Uint8Array>).finally(() => clearTimeout(timer));
    if (bytes === null)
      return noSecret(`descriptor ${fd} gives more than ${LARGEST_SECRET_BYTES} bytes`, 'Hand over the secret alone.');
    return { ok: true, value: withoutNewline(bytes) };
  } catch (error) {
    return unreadable(fd, error);
  }
}

async function fromFile(path: string, place: 'own' | 'credential'): Promise<SecretAnswer> {
  return withSecretFile(path, place, async (handle) => ({
    ok: true,
    value: withoutNewline(new Uint8Array(await handle.readFile())),
  }));
}

/** Where a credential of systemd lies, or why it lies nowhere. */
export function credentialPath(name: string, env: SecretTools['env']): string | SecretProblem {
  const folder = env['CREDENTIALS_DIRECTORY'] ?? '';
  if (isAbsolute(folder)) return join(folder, name);
  return noSecret(
    `there is no $CREDENTIALS_DIRECTORY for the credential "${name}"`,
    `Give it with LoadCredential=${name}:FILE in the systemd unit; outside of systemd, use a file.`,
  );
}

async function fromCredential(name: string, env: SecretTools['env']): Promise<SecretAnswer> {
  const path = credentialPath(name, env);
  return typeof path === 'string' ? fromFile(path, 'credential') : path;
}

async function fromSupervisor(name: string, supervisor: Supervisor | null): Promise<SecretAnswer> {
  if (supervisor === null)
    return noSecret(
      'comes from a supervisor, and nothing supervises this proxy',
      'Start it from the desktop app, or keep the secret in a file.',
    );
  const value = await supervisor.secret(name);
  return value === null ? noSecret(`the supervisor has no secret "${name}"`, 'Give it to the desktop app.') : { ok: true, value };
}

/**
 * Fetches a secret. The bytes are the caller's, who overwrites them when they were used. What goes wrong is said without a word of
 * the secret.
 * @param name what a supervisor is asked for: `pin`, or `STORE/ACCESSKEYID`
 */
export async function loadSecret(source: SecretSource, name: string, tools: SecretTools): Promise<SecretAnswer> {
  switch (source.from) {
    case 'inline':
      return { ok: true, value: new TextEncoder().encode(source.value) };
    case 'file':
      return fromFile(source.path, 'own');
    case 'credential':
      return fromCredential(source.name, tools.env);
    case 'descriptor':
      return fromDescriptor(source.number, tools.waitMs ?? 10_000);
    case 'supervisor':
      return fromSupervisor(name, tools.supervisor);
  }
}

/** Loads a secret access key as the text that SigV4 signs with, and holds it against the rule of AWS. The bytes are overwritten. */
export async function loadSecretAccessKey(
  source: SecretSource,
  name: string,
  tools: SecretTools,
): Promise<{ readonly ok: true; readonly value: string } | SecretProblem> {
  const loaded = await loadSecret(source, name, tools);
  if (!loaded.ok) return loaded;
  const text = new TextDecoder('latin1').decode(loaded.value);
  loaded.value.fill(0);
  return isSecretAccessKey(text)
    ? { ok: true, value: text }
    : noSecret(`the secret has ${text.length} characters, or one that is not allowed`, SECRET_RULE);
}
