#!/usr/bin/env node
// An independent verifier of Keyrite evidence packs: node verify-pack.mjs DIR. It shares no code with Keyrite and uses no package.
// It implements docs/evidence-pack.md: exit code 0 the pack holds, 1 it does not (the first reason is printed), 2 usage.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node verify-pack.mjs DIR');
  process.exit(2);
}

// Whatever cannot be read as it should be (no such file, no JSON, no UTF-8, a key that is none) is a pack that does not hold.
process.on('uncaughtException', (error) => must(false, error.message));

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (name) => readFileSync(join(folder, name));
const must = (holds, what) => {
  if (holds) return;
  console.error(`does not hold: ${what}`);
  process.exit(1);
};

// RFC 8785: members sorted by UTF-16 code units, no white space, strings and numbers as ECMAScript writes them.
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
};

const signed = (publicKey, text, signature) => {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(text, 'ascii'), key, Buffer.from(signature, 'base64'));
};

// 1. The chain: every line canonical, counted from 0, linked to the one before, with the hash that fits.
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf('transcript.jsonl'));
must(text.endsWith('\n'), 'the last line is not ended');
const events = text
  .slice(0, -1)
  .split('\n')
  .map((line, i) => {
    const event = JSON.parse(line);
    must(canonical(event) === line, `event ${i} is not in canonical form`);
    return event;
  });
events.forEach(({ hash, ...body }, i) => {
  must(body.seq === i, `event ${i} is missing or moved`);
  must(body.prev === (i === 0 ? '0'.repeat(64) : events[i - 1].hash), `event ${i} is not linked to the one before`);
  must(sha256(canonical(body)) === hash, `event ${i} was changed`);
});

// 2. Event 0 names the participants; the id of an officer follows from the public key.
const [opened] = events;
must(opened.type === 'opened' && opened.data.format === 'keyrite-transcript-1', 'the first event does not open a ceremony');
const people = new Map(opened.data.participants.map((person) => [person.seat, person]));
must(people.size === opened.data.participants.length, 'a seat is given twice');
for (const { seat, officer, publicKey } of people.values()) {
  must(sha256(Buffer.from(publicKey, 'base64')).slice(0, 16) === officer, `the id of ${seat} does not follow from its key`);
}

// 3. Signatures on the way: attendance and approvals.
for (const { seq, type, data } of events) {
  if (type !== 'signedIn' && type !== 'approved') continue;
  const what =
    type === 'signedIn'
      ? `keyrite-attendance-v1\n${opened.hash}\n${data.seat}\n`
      : `keyrite-approval-v1\n${opened.hash}\n${data.gate}\n${data.digest}\n`;
  must(people.get(data.seat)?.officer === data.officer, `event ${seq}: the officer does not hold that seat`);
  must(signed(people.get(data.seat).publicKey, what, data.signature), `event ${seq}: the signature does not verify`);
}

// 4. The seal: the last event, one line for each participant, all signatures over the head before it, at least one signed.
const sealed = events.at(-1);
must(
  events.filter(({ type }) => type === 'sealed').length === 1 && sealed.type === 'sealed',
  'it is not sealed by its last event',
);
const head = sealed.prev;
must(sealed.data.head === head, 'the sealed head is not the hash of the event before it');
must(
  sealed.data.outcome === events.findLast(({ type }) => type === 'signOffOpened')?.data.outcome,
  'the outcome is not the one signed off',
);
must(
  sealed.data.signatures.length === people.size && new Set(sealed.data.signatures.map(({ seat }) => seat)).size === people.size,
  'a signature line is missing or doubled',
);
for (const line of sealed.data.signatures) {
  const person = people.get(line.seat);
  must(
    person && ['officer', 'name', 'publicKey'].every((name) => person[name] === line[name]),
    `${line.seat} is not a participant of event 0`,
  );
  must(
    'doNotAgree' in line || signed(line.publicKey, `keyrite-transcript-v1\n${head}\n`, line.signature),
    `the signature of ${line.seat} does not verify`,
  );
}
must(
  sealed.data.signatures.some((line) => 'signature' in line),
  'nobody signed',
);

// 5. The files: the script event 0 names, the artefacts the results refer to, and the manifest over all of them.
must(sha256(bytesOf('script.yaml')) === opened.data.script.sha256, 'script.yaml is not the script that ran');
const references = events.filter(({ type }) => type === 'result').flatMap(({ data }) => data.artefacts);
const expected = ['artefacts', 'manifest.json', 'report.pdf', 'script.yaml', 'transcript.jsonl'].filter(
  (name) => name !== 'artefacts' || readdirSync(folder).includes(name),
);
must(
  canonical(readdirSync(folder).sort()) === canonical(expected),
  'something is missing in the folder, or does not belong there',
);
const found = expected.includes('artefacts') ? readdirSync(join(folder, 'artefacts')).sort() : [];
must(
  canonical(references.map(({ name }) => name).sort()) === canonical(found),
  'the artefacts are not those that the events refer to',
);
for (const { name, size, sha256: hash } of references) {
  const bytes = bytesOf(join('artefacts', name));
  must(bytes.length === size && sha256(bytes) === hash, `artefacts/${name} was changed`);
}
const names = ['script.yaml', 'transcript.jsonl', 'report.pdf', ...found.map((name) => `artefacts/${name}`)];
must(
  names.every((name) => lstatSync(join(folder, name)).isFile()),
  'something in the folder is not a plain file',
);
const files = names.sort().map((name) => ({ name, size: bytesOf(name).length, sha256: sha256(bytesOf(name)) }));
const { ceremonyId, runMode, tool } = opened.data;
const { outcome, signatures } = sealed.data;
const manifest = { format: 'keyrite-manifest-1', ceremonyId, runMode, outcome, tool, head, signatures, files };
must(
  bytesOf('manifest.json').toString('utf8') === `${canonical(manifest)}\n`,
  'manifest.json is not what follows from transcript and files',
);

console.log(`holds: ${events.length} events, ${runMode}, ${outcome}, head ${head}`);
