import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CREDENTIAL, REGION } from './signed.mjs';
import { HEALTH_KEY, PIN, TOKEN } from './token.mjs';

/**
 * Writes the settings of a proxy under test into `folder`, with its secrets in files of their own.
 * @param pinFrom 'file', or 'supervisor' for one that is supervised
 * @returns the settings file
 */
export function writeSettings(folder, { module, port, labels, pool, pinFrom = 'file' }) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secretFile = path.join(folder, 'secret');
  const pinFile = path.join(folder, 'pin');
  writeFileSync(secretFile, CREDENTIAL.secret, { mode: 0o600 });
  if (pinFrom === 'file') writeFileSync(pinFile, PIN, { mode: 0o600 });
  const file = path.join(folder, 'settings.toml');
  writeFileSync(
    file,
    `[server]
ip = "127.0.0.1"
port = ${port}
region = "${REGION}"

[security]
is_sigv4_auth_enabled = true
is_tls_enabled = false

[[external_key_stores]]
uri_path_prefix = ""
xks_key_id_set = [${labels.map((label) => `"${label}"`).join(', ')}]

[[external_key_stores.credentials]]
access_key_id = "${CREDENTIAL.id}"
secret_file = "${secretFile}"

[hsm]
profile = "softhsm"
module = "${module}"
token_label = "${TOKEN}"
${pinFrom === 'file' ? `pin_file = "${pinFile}"` : 'pin_from = "supervisor"'}

[pool]
sessions = ${pool.sessions}
processes = ${pool.processes}

[state]
folder = "${path.join(folder, 'state')}"

[audit]
folder = "${path.join(folder, 'audit')}"

[health]
key = "${HEALTH_KEY}"

[log]
level = "warn"
`,
  );
  return file;
}
