/** A SoftHSM token of its own with AES-256 keys for the benches of the proxy, made through pkcs11js alone. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pkcs11 from 'pkcs11js';

export const PIN = '10203040';
const SO_PIN = '80706050';
export const TOKEN = 'keyrite-bench';

const PROFILE = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../resources/profiles/softhsm.json'), 'utf8'));

function modulePath() {
  const found = PROFILE.candidates[process.platform]?.find((candidate) => {
    try {
      readFileSync(candidate);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('SoftHSM was not found. Debian, Ubuntu: apt install softhsm2.');
  return found;
}

/** For health checks alone. */
export const HEALTH_KEY = 'bench-health';

/** The label of key number `n`. */
export const labelOf = (n) => `bench-${String(n).padStart(4, '0')}`;

/** Opens the token for one process: session logged in, and what finds a key. SOFTHSM2_CONF must be set before. */
export function openToken(module) {
  const api = new pkcs11.PKCS11();
  api.load(module);
  api.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK });
  const slot = api.C_GetSlotList(true).find((id) => api.C_GetTokenInfo(id).label.trim() === TOKEN);
  const session = api.C_OpenSession(slot, pkcs11.CKF_RW_SESSION | pkcs11.CKF_SERIAL_SESSION);
  api.C_Login(session, pkcs11.CKU_USER, PIN);
  const find = (label) => {
    api.C_FindObjectsInit(session, [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
      { type: pkcs11.CKA_LABEL, value: label },
    ]);
    const [key] = api.C_FindObjects(session, 2);
    api.C_FindObjectsFinal(session);
    return key;
  };
  return { api, session, find };
}

function makeKey(api, session, label) {
  api.C_GenerateKey(session, { mechanism: pkcs11.CKM_AES_KEY_GEN, parameter: null }, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
    { type: pkcs11.CKA_TOKEN, value: true },
    { type: pkcs11.CKA_PRIVATE, value: true },
    { type: pkcs11.CKA_SENSITIVE, value: true },
    { type: pkcs11.CKA_EXTRACTABLE, value: false },
    { type: pkcs11.CKA_ENCRYPT, value: true },
    { type: pkcs11.CKA_DECRYPT, value: true },
    { type: pkcs11.CKA_LABEL, value: label },
    { type: pkcs11.CKA_ID, value: Buffer.from(label) },
    { type: pkcs11.CKA_VALUE_LEN, value: 32 },
  ]);
}

/**
 * A fresh token with `keys` keys named labelOf(0..). Sets SOFTHSM2_CONF for this process and its children.
 * @returns {{ module: string, conf: string, folder: string, remove: () => void }}
 */
export function makeToken(keys) {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyrite-bench-token-'));
  const conf = path.join(folder, 'softhsm2.conf');
  mkdirSync(path.join(folder, 'tokens'), { mode: 0o700 });
  writeFileSync(conf, `directories.tokendir = ${path.join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  process.env.SOFTHSM2_CONF = conf;
  const module = modulePath();
  const api = new pkcs11.PKCS11();
  api.load(module);
  api.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK });
  api.C_InitToken(api.C_GetSlotList(true)[0], SO_PIN, TOKEN.padEnd(32));
  const slot = api.C_GetSlotList(true).find((id) => api.C_GetTokenInfo(id).label.trim() === TOKEN);
  const session = api.C_OpenSession(slot, pkcs11.CKF_RW_SESSION | pkcs11.CKF_SERIAL_SESSION);
  api.C_Login(session, pkcs11.CKU_SO, SO_PIN);
  api.C_InitPIN(session, PIN);
  api.C_Logout(session);
  api.C_Login(session, pkcs11.CKU_USER, PIN);
  for (let n = 0; n < keys; n++) makeKey(api, session, labelOf(n));
  makeKey(api, session, HEALTH_KEY);
  api.C_CloseAllSessions(slot);
  api.C_Finalize();
  return { module, conf, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
