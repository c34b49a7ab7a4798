#!/usr/bin/env node
// An independent verifier of the audit log of a Keyrite proxy: node verify-audit.mjs FOLDER. It shares no code with Keyrite and
// uses no package. It implements docs/audit-log.md: exit code 0 the log holds, 1 it does not (the first reason is printed), 2 usage.
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node verify-audit.mjs FOLDER');
  process.exit(2);
}

// Whatever cannot be read as it should be is a log that does not hold.
process.on('uncaughtException', (error) => must(false, error.message));

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

const MEMBERS = 'actor,at,data,hash,prev,role,seq,step,type';

let next = null; // seq and prev of the event that has to come; null: the log may begin anywhere

const take = (line, place) => {
  const event = JSON.parse(line);
  must(canonical(event) === line, `${place}: not in canonical form`);
  must(Object.keys(event).join() === MEMBERS, `${place}: not the members of an event`);
  const { hash, ...body } = event;
  must(createHash('sha256').update(canonical(body)).digest('hex') === hash, `${place}: the hash does not fit`);
  const expected = next ?? { seq: event.seq, prev: event.seq === 0 ? '0'.repeat(64) : event.prev };
  must(event.seq === expected.seq, `${place}: event ${event.seq} where event ${expected.seq} belongs`);
  must(event.prev === expected.prev, `${place}: prev is not the hash of the event before`);
  next = { seq: event.seq + 1, prev: hash };
};

const names = readdirSync(folder).filter((name) => name !== 'lock');
for (const name of names) must(/^audit-\d{12,15}\.jsonl$/.test(name), `${name} does not belong into an audit log`);
names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));

let torn = '';
for (const name of names) {
  must(torn === '', 'the file before has a torn line at its end');
  const first = Number(name.slice(6, -6));
  must(next === null || next.seq === first, `${name}: a file with event ${next?.seq} is missing, or two files claim the same`);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let [rest, line] = ['', 0];
  for await (const piece of createReadStream(join(folder, name))) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop();
    for (const text of lines) {
      take(text, `${name}, line ${++line}`);
      if (line === 1) must(next.seq - 1 === first, `${name}: its first event is not the one in its name`);
    }
  }
  must(line > 0 || name === names.at(-1), `${name}: the file is empty`);
  torn = rest;
}
must(next !== null, 'there is no event');
console.log(`holds: up to event ${next.seq - 1}, head ${next.prev}${torn === '' ? '' : ', then a torn line'}`);
