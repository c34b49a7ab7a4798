/**
 * The limit: a bare node:http server that does the PKCS#11 calls of an Encrypt inline and nothing else of a proxy (no signature,
 * no audit, no policy, no latch). Arguments: module. Prints its port, then serves until it is killed.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import pkcs11 from 'pkcs11js';
import { openToken } from './token.mjs';

const { api, session, find } = openToken(process.argv[2]);
const handles = new Map();

function keyOf(path) {
  const label = path.split('/').at(-2);
  if (!handles.has(label)) handles.set(label, find(label));
  return handles.get(label);
}

function encrypt(path, body) {
  const request = JSON.parse(body);
  const plaintext = Buffer.from(request.plaintext, 'base64');
  const iv = randomBytes(12);
  const mechanism = {
    mechanism: pkcs11.CKM_AES_GCM,
    parameter: { type: pkcs11.CK_PARAMS_AES_GCM_v240, iv, ivBits: 96, tagBits: 128 },
  };
  api.C_EncryptInit(session, mechanism, keyOf(path));
  const out = api.C_Encrypt(session, plaintext, Buffer.alloc(plaintext.length + 16));
  return JSON.stringify({
    ciphertext: out.subarray(0, -16).toString('base64'),
    initializationVector: iv.toString('base64'),
    authenticationTag: out.subarray(-16).toString('base64'),
  });
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(encrypt(request.url, Buffer.concat(chunks).toString('utf8')));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
