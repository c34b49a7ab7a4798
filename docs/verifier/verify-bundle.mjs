#!/usr/bin/env node
// An independent verifier of a bundle that crosses the air gap: node verify-bundle.mjs FOLDER. It shares no code with Keyrite and
// uses no package. It implements docs/bundle.md: exit code 0 the bundle holds, its digest and signers are printed; 1 it does not (the
// first reason is printed); 2 usage. Whether the signers are the right people, it cannot know.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node verify-bundle.mjs FOLDER');
  process.exit(2);
}

// Whatever cannot be read as it should be is a bundle that does not hold.
process.on('uncaughtException', (error) => must(false, error.message));

const must = (holds, what) => {
  if (holds) return;
  console.error(`does not hold: ${what}`);
  process.exit(1);
};

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

// RFC 8785: members sorted by UTF-16 code units, no white space, strings and numbers as ECMAScript writes them.
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
};

const SYSTEM = ['lost+found', 'System Volume Information', '.fseventsd', '.Spotlight-V100', '.Trashes'];
const files = new Map();
for (const name of readdirSync(folder)) {
  const found = lstatSync(join(folder, name));
  if (SYSTEM.includes(name) && found.isDirectory()) continue;
  must(found.isFile(), `${name} is not a plain file`);
  must(found.size <= 65536, `${name} is too large`);
  files.set(name, readFileSync(join(folder, name)));
}

const COMMON =
  'accountId approvers ceremonyId createdUtc files format genesis keySpec kind prevHead runMode scriptSha256 sets signatures stationId version wrappingAlgorithm wrappingKeySpec'.split(
    ' ',
  );
const BACK = 'answers checkValue hsmSerial mechanism parameters proof templateSha256'.split(' ');
const members = (value, names) => Object.keys(value).sort().join() === [...names].sort().join();

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(files.get('manifest.json'));
const manifest = JSON.parse(text);
must(`${canonical(manifest)}\n` === text, 'manifest.json is not in canonical form');
must(manifest.format === 'keyrite-bundle-1', 'another format');
const isOut = manifest.kind === 'byok-out';
must(isOut || manifest.kind === 'byok-back', 'another kind');
must(members(manifest, isOut ? COMMON : [...COMMON, ...BACK]), 'not the members of a manifest');

const { sets, approvers, signatures } = manifest;
must(sets.length >= 1 && sets.length <= 10 && manifest.files.length === sets.length, 'not a file for each set');
must(files.size === sets.length + 1, 'a file too many or too few');
const [stem, extension] = isOut ? ['wrapping-key', 'der'] : ['wrapped-key', 'bin'];
sets.forEach((set, i) => {
  must(
    members(set, ['file', 'importTokenSha256', 'keyArn', 'parametersValidTo', 'region', 'spkiSha256']),
    'not the members of a set',
  );
  const name = sets.length === 1 ? `${stem}.${extension}` : `${stem}-${i + 1}.${extension}`;
  const { size, sha256: listed, ...named } = manifest.files[i];
  must(set.file === name && named.name === name && members(named, ['name']), `set ${i + 1} is not of ${name}`);
  const [, , service, region, account, key] = set.keyArn.split(':');
  const isKey = service === 'kms' && region === set.region && account === manifest.accountId;
  must(isKey && key === sets[0].keyArn.split(':')[5], `set ${i + 1} is of another key`);
  must(region === sets[0].region || key.startsWith('key/mrk-'), 'several Regions, but no multi-Region key');
  const bytes = files.get(name);
  must(bytes !== undefined && bytes.length === size && sha256(bytes) === listed, `${name} is not what the manifest says`);
  must(!isOut || set.spkiSha256 === listed, `${name} is not the wrapping key of its set`);
});

const { signatures: _, ...unsigned } = manifest;
const digest = sha256(canonical(unsigned));
const approval = `keyrite-approval-v1\n${manifest.genesis}\n${isOut ? 'out' : 'back'}\n${digest}\n`;
must(signatures.length > 0, 'nobody signed it');
for (const { seat, officer, name, publicKey, signature } of signatures) {
  const x = Buffer.from(publicKey, 'base64');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') }, format: 'jwk' });
  must(sha256(x).slice(0, 16) === officer, `the officer id of ${seat} does not follow from the key`);
  const isApprover = approvers.some((one) => one.seat === seat && one.officer === officer && one.name === name);
  must(isApprover, `${seat} is not among those whose approval counts`);
  must(signatures.filter((one) => one.seat === seat).length === 1, `${seat} signed twice`);
  must(verify(null, Buffer.from(approval), key, Buffer.from(signature, 'base64')), `the signature of ${seat} does not verify`);
}

console.log(`holds: ${manifest.kind} of ${manifest.ceremonyId}, ${manifest.runMode}`);
console.log(`digest ${digest}`);
for (const { seat, name, officer } of signatures) console.log(`signed by ${seat} ${JSON.stringify(name)} officer ${officer}`);
