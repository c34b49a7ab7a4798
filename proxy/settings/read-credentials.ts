import type { Form } from './form';
import type { Reading } from './reading';
import { readSource } from './read-source';
import type { CredentialSettings } from './settings';

export type StoreForm = NonNullable<Form['external_key_stores']>[number];
type CredentialForm = NonNullable<StoreForm['credentials']>[number];

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/** ISO 8601 UTC of a date, or of a time with its offset; null, with a remark, for anything else. */
function readSince({ remarks }: Reading, key: string, since: string | Date | undefined): string | null {
  if (since === undefined) return null;
  // smol-toml's dates are Dates whose text is what was written, so a local time can be told from one with an offset.
  const text = typeof since === 'string' ? since : since.toISOString();
  const at = DATE.test(text) || TIME.test(text) ? new Date(text) : new Date(NaN);
  if (!Number.isNaN(at.getTime())) return at.toISOString().replace(/\.000Z$/, 'Z');
  remarks.error(
    key,
    `is ${JSON.stringify(text)}`,
    'Write a date such as 2026-11-23, or a time with its offset such as 2026-11-23T08:00:00Z.',
  );
  return null;
}

function readCredential(reading: Reading, key: string, form: CredentialForm): CredentialSettings | null {
  const source = readSource(reading, `${key}.secret`, {
    file: form.secret_file,
    credential: form.secret_credential,
    descriptor: form.secret_descriptor,
    from: form.secret_from,
  });
  const since = readSince(reading, `${key}.since`, form.since);
  if (form.access_key_id === undefined) {
    if (!reading.remarks.isWrong(`${key}.access_key_id`)) {
      reading.remarks.error(
        `${key}.access_key_id`,
        'is missing',
        'Write the AccessKeyId that AWS KMS was given for this key store.',
      );
    }
    return null;
  }
  return source && { accessKeyId: form.access_key_id, secret: source, since };
}

/** The sample's pair of keys. Both empty: a place left open, as the sample's own files have it. */
function readInline({ remarks }: Reading, key: string, form: StoreForm): CredentialSettings | null {
  const { sigv4_access_key_id: id, sigv4_secret_access_key: secret } = form;
  const [idKey, secretKey] = [`${key}.sigv4_access_key_id`, `${key}.sigv4_secret_access_key`];
  if (!id && !secret && !remarks.isWrong(idKey) && !remarks.isWrong(secretKey)) return null;
  if (!id && !remarks.isWrong(idKey))
    remarks.error(idKey, 'is missing beside its secret', 'Write the AccessKeyId that belongs to it.');
  if (!secret && !remarks.isWrong(secretKey)) {
    remarks.error(
      secretKey,
      'is missing beside its access key id',
      'Better than here, keep it in a file: [[external_key_stores.credentials]] secret_file.',
    );
  }
  if (!id || !secret) return null;
  remarks.warning(
    secretKey,
    'is a secret in clear text: whoever reads the settings, or a copy of them, can use the keys',
    'Move it to a file of its own (mode 0600): [[external_key_stores.credentials]] access_key_id and secret_file.',
  );
  return { accessKeyId: id, secret: { from: 'inline', value: secret }, since: null };
}

function refuseDoubles({ remarks }: Reading, key: string, credentials: readonly CredentialSettings[]): void {
  const seen = new Set<string>();
  for (const { accessKeyId } of credentials) {
    if (seen.has(accessKeyId))
      remarks.error(`${key}.credentials`, `have ${accessKeyId} twice`, 'Keep one: a request names its secret by this id.');
    seen.add(accessKeyId);
  }
}

/** All credentials of one key store, those in its tables first. */
export function readCredentials(reading: Reading, key: string, form: StoreForm): readonly CredentialSettings[] {
  const tables = (form.credentials ?? []).map((each, i) => readCredential(reading, `${key}.credentials[${i}]`, each));
  const credentials = [...tables, readInline(reading, key, form)].filter((each) => each !== null);
  refuseDoubles(reading, key, credentials);
  return credentials;
}
