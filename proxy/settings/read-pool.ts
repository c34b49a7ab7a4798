import { LEAST_AAD_BYTES, LEAST_PLAINTEXT_BYTES } from '../../core/xks/wire';
import { refuseTwice, type Reading } from './reading';
import type { Settings } from './settings';

const IGNORED = ['session_pool_timeout_milli', 'session_eager_close', 'context_read_timeout_milli'] as const;

function sayIgnored({ form, remarks }: Reading): void {
  const written = IGNORED.filter((key) => form.pkcs11?.[key] !== undefined);
  if (written.length === 0) return;
  remarks.warning(
    'pkcs11',
    `${written.join(', ')}: no effect here`,
    'What a request may wait for is set by [pool] deadline_ms, hung_ms and queue.',
  );
}

function sessionsOf(reading: Reading): number {
  const { pool, pkcs11 } = reading.form;
  if (pool?.sessions !== undefined && pkcs11?.session_pool_max_size !== undefined) {
    refuseTwice(reading, 'pool.sessions', 'pkcs11.session_pool_max_size');
  }
  return pool?.sessions ?? pkcs11?.session_pool_max_size ?? 16;
}

/** Two processes, so that a module that dies does not take every session with it; one, where there is but one session. */
export function readPool(reading: Reading): Settings['pool'] {
  const { form, remarks } = reading;
  const { pool = {} } = form;
  sayIgnored(reading);
  const sessions = sessionsOf(reading);
  const processes = pool.processes ?? Math.min(2, sessions);
  if (processes > sessions)
    remarks.error(
      'pool.processes',
      `is ${processes}, more than the ${sessions} sessions`,
      'Every process needs a session at least.',
    );
  const deadlineMs = pool.deadline_ms ?? 200;
  const hungMs = pool.hung_ms ?? 2000;
  if (hungMs <= deadlineMs) {
    remarks.error(
      'pool.hung_ms',
      `is ${hungMs}, not above the deadline of ${deadlineMs}`,
      'A call that is only late must not cost its worker: write more than deadline_ms, such as 2000.',
    );
  }
  return { sessions, processes, queue: pool.queue ?? 512, deadlineMs, hungMs };
}

/** The two-byte length in the AAD's framing ends at 65,535; plaintexts have no reason to be longer. */
const MOST_BYTES = 65_535;

function limit({ remarks }: Reading, key: string, base64: number | undefined, standard: number, least: number): number {
  if (base64 === undefined) return standard;
  const bytes = Math.floor(base64 / 4) * 3;
  const leastBase64 = Math.ceil(least / 3) * 4;
  if (bytes >= least && bytes <= MOST_BYTES) return bytes;
  remarks.error(
    key,
    `is ${base64}, which is ${bytes} bytes`,
    `Write ${leastBase64} to ${Math.floor(MOST_BYTES / 3) * 4}: every proxy has to take ${least} bytes.`,
  );
  return standard;
}

/** The sample counts in base64 characters, three bytes to four of them; its own numbers are the defaults. */
export function readLimits(reading: Reading): Settings['limits'] {
  const { limits } = reading.form;
  return {
    plaintextBytes: limit(
      reading,
      'limits.max_plaintext_in_base64',
      limits?.max_plaintext_in_base64,
      6144,
      LEAST_PLAINTEXT_BYTES,
    ),
    aadBytes: limit(reading, 'limits.max_aad_in_base64', limits?.max_aad_in_base64, 12_288, LEAST_AAD_BYTES),
  };
}

/** The sample's static metadata: canonical base64 of at most 20 bytes. Ours carries its own, so this one is for decrypting only. */
export function readCiphertexts({ form, remarks }: Reading): Settings['ciphertexts'] {
  const key = 'server.ciphertext_metadata_b64';
  const text = form.server?.ciphertext_metadata_b64;
  if (text === undefined || text === '') return { legacyMetadata: null };
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || bytes.length > 20) {
    remarks.error(key, 'is not base64 of at most 20 bytes', 'Write it exactly as the AWS sample proxy has it.');
    return { legacyMetadata: null };
  }
  remarks.warning(
    key,
    'marks ciphertexts of the AWS sample proxy: they are decrypted; new ones carry metadata of ours',
    'Keep it as long as such ciphertexts exist.',
  );
  return { legacyMetadata: new Uint8Array(bytes) };
}
