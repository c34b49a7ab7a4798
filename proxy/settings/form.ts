import { z } from 'zod';
import { anyText, anyWhole, flag, oneOf, text, whole, word } from './leaf';
import {
  absolutePath,
  accessKeyId,
  accessKeyIdOrEmpty,
  address,
  ckaId,
  credentialName,
  inlineSecret,
  keyId,
  name,
  prefix,
  region,
  tokenText,
} from './patterns';

/**
 * Every key a settings file can have: those of the AWS sample proxy 3.1.2 under their own names, and ours. Each is optional and judged
 * on its own; what depends on others is judged by the files beside this one. A key that is not here is refused: a misspelt
 * `is_sigv4_auth_enabeld` must not fall back to a default.
 */

const port = whole(0, 65_535);

/** A file descriptor, or the name of an environment variable that holds its number. */
const descriptor = z
  .custom<number | string>(
    (value) =>
      (Number.isInteger(value) && Number(value) >= 0) || (typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)),
    {
      params: {
        problem: 'is neither a number nor a name',
        remedy:
          'Write the number of a file descriptor that is open when the proxy starts, or the name of an environment variable that holds it.',
      },
    },
  )
  .optional();

const supervisor = oneOf('supervisor');

/** A date, or date and time with its offset; TOML's own dates come as Date. Judged where it is read. */
const since = z.union([z.string(), z.date()]).optional();

const server = z.strictObject({
  ip: address,
  port,
  port_http_ping: port,
  region,
  service: text((value) => value === 'kms-xks-proxy', {
    problem: (value) => `is ${JSON.stringify(value)}`,
    remedy: 'Write "kms-xks-proxy", or leave it out: AWS KMS signs for no other service.',
  }),
  ciphertext_metadata_b64: anyText,
  tcp_keepalive: z
    .strictObject({
      tcp_keepalive_secs: whole(1, 32_767),
      tcp_keepalive_retries: anyWhole,
      tcp_keepalive_interval_secs: anyWhole,
    })
    .optional(),
  allow_plain_http: flag,
  max_body_bytes: whole(1024, 16_777_216),
  max_header_bytes: whole(4096, 1_048_576),
  headers_timeout_ms: whole(100, 600_000),
  request_timeout_ms: whole(100, 600_000),
  keep_alive_timeout_ms: whole(100, 3_600_000),
  max_connections: whole(1, 1_000_000),
});

const tracing = z.strictObject({
  is_stdout_writer_enabled: flag,
  is_file_writer_enabled: flag,
  level: word('trace', 'debug', 'info', 'warn', 'error'),
  directory: anyText,
  file_prefix: anyText,
  rotation_kind: word('minutely', 'hourly', 'daily', 'never'),
});

const log = z.strictObject({
  level: oneOf('trace', 'debug', 'info', 'warn', 'error'),
  stdout: flag,
  folder: absolutePath,
  file_prefix: name,
  rotation: oneOf('minutely', 'hourly', 'daily', 'never'),
});

const security = z.strictObject({
  is_sigv4_auth_enabled: flag,
  is_tls_enabled: flag,
  is_mtls_enabled: flag,
  secondary_auth: anyText,
  oso: z.looseObject({}).optional(),
});

const tls = z.strictObject({
  tls_cert_pem: anyText,
  tls_key_pem: anyText,
  mtls_client_ca_pem: anyText,
  mtls_client_dns_name: anyText,
});

const credential = z.strictObject({
  access_key_id: accessKeyId,
  secret_file: absolutePath,
  secret_credential: credentialName,
  secret_descriptor: descriptor,
  secret_from: supervisor,
  since,
});

const keyStore = z.strictObject({
  name,
  uri_path_prefix: prefix,
  region,
  sigv4_access_key_id: accessKeyIdOrEmpty,
  sigv4_secret_access_key: inlineSecret,
  xks_key_id_set: z.array(keyId.unwrap()).optional(),
  foreign_framings: z.array(z.enum(['spec', 'sample'])).optional(),
  credentials: z.array(credential).optional(),
});

const pkcs11 = z.strictObject({
  session_pool_max_size: whole(1, 1024),
  session_pool_timeout_milli: anyWhole,
  session_eager_close: flag,
  user_pin: anyText,
  PKCS11_HSM_MODULE: anyText,
  context_read_timeout_milli: anyWhole,
});

const hsm = z.strictObject({
  profile: anyText,
  module: absolutePath,
  token_label: tokenText(32),
  token_serial: tokenText(16),
  iv: oneOf('caller', 'prepended', 'appended', 'hidden'),
  pin_file: absolutePath,
  pin_credential: credentialName,
  pin_descriptor: descriptor,
  pin_from: supervisor,
});

const pool = z.strictObject({
  sessions: whole(1, 1024),
  processes: whole(1, 64),
  queue: whole(1, 100_000),
  deadline_ms: whole(10, 249, 'AWS KMS gives up after 250 ms, its connection included.'),
  hung_ms: whole(20, 600_000),
});

const health = z.strictObject({
  key: keyId,
  interval_ms: whole(1000, 60_000, 'a health answer must not be older than one minute.'),
  fleet_size: whole(1, 10_000, 'the number of proxies behind this endpoint.'),
  ping_when_killed: oneOf('bad', 'good'),
  ping_when_unhealthy: oneOf('bad', 'good'),
});

const audit = z.strictObject({
  folder: absolutePath,
  on_failure: oneOf('refuse', 'continue'),
  max_file_bytes: whole(65_536, 4_294_967_296),
  sync: oneOf('each', 'second'),
});

export const form = z.strictObject({
  server: server.optional(),
  tracing: tracing.optional(),
  log: log.optional(),
  security: security.optional(),
  tls: tls.optional(),
  external_key_stores: z.array(keyStore).optional(),
  keys: z.record(keyId.unwrap(), z.strictObject({ current: ckaId, legacy: ckaId })).optional(),
  pkcs11: pkcs11.optional(),
  pkcs11_logger: z
    .strictObject({ PKCS11_LOGGER_LIBRARY_PATH: anyText, PKCS11_LOGGER_LOG_FILE_PATH: anyText, PKCS11_LOGGER_FLAGS: anyText })
    .optional(),
  hsm: hsm.optional(),
  hsm_capabilities: z.strictObject({ can_generate_iv: flag, is_zero_iv_required: flag }).optional(),
  pool: pool.optional(),
  limits: z.strictObject({ max_plaintext_in_base64: anyWhole, max_aad_in_base64: anyWhole }).optional(),
  state: z.strictObject({ folder: absolutePath }).optional(),
  audit: audit.optional(),
  metrics: z.strictObject({ ip: address, port }).optional(),
  authorization: z.strictObject({ policy_file: absolutePath }).optional(),
  health: health.optional(),
});

export type Form = z.infer<typeof form>;
