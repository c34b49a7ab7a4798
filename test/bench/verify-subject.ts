import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { draft, type EventData, type EventType } from '../../core/ceremony/events';
import { canonical } from '../../core/evidence/canonical';
import { chain, type TranscriptEvent } from '../../core/evidence/event';
import { approvalText, attendanceText } from '../../core/evidence/signed-text';
import { proveTranscript } from '../../core/pack/prove-transcript';
import { sha256Text } from '../../core/pack/sha256';
import { opening, result, sampleOfficers, signatureLines, signText } from '../core/evidence/sample-transcript';

// One measurement per process, so that memory is that of one transcript: `write PATH EVENTS`, `prove PATH`, `plain PATH`.

const ATTRIBUTES = ['SENSITIVE', 'EXTRACTABLE', 'LOCAL', 'WRAP', 'UNWRAP', 'ENCRYPT', 'DECRYPT', 'TOKEN', 'PRIVATE', 'COPYABLE'];
const officers = sampleOfficers();

/** A mix as ceremonies have it: mostly ticks and comparisons, acts with evidence, now and then a signature. */
function* mix(genesis: string): Generator<readonly [EventType, EventData<EventType>]> {
  const officer = officers[2];
  if (!officer) throw new Error('no officer');
  const { seat, officer: id } = officer.participant;
  const digest = sha256Text('subject');
  const rows = ATTRIBUTES.map((name) => ({ name: `CKA_${name}`, wanted: 'true', got: 'true', ok: true }));
  yield ['signedIn', { seat, officer: id, signature: signText(officer.key, attendanceText(genesis, seat)) }];
  for (let n = 0; ; n++) {
    if (n % 200 === 0)
      yield [
        'approved',
        {
          gate: `gate${n}`,
          seat,
          officer: id,
          digest,
          signature: signText(officer.key, approvalText(genesis, `gate${n}`, digest)),
        },
      ];
    for (let item = 0; item < 4; item++)
      yield ['ticked', { item, text: `Witness: the seal of bag ${n}-${item} is whole and its number is the one on paper.` }];
    for (let row = 1; row <= 3; row++) yield ['compared', { value: 'key.fingerprint', digest, row, equal: true }];
    yield ['intent', { operation: 'token.readBack', attempt: 1, details: { ckaId: digest.slice(0, 32) } }];
    yield [
      'result',
      result('token.readBack', {
        data: { n },
        checks: [{ rule: 'CER-ATTRIBUTES', ok: true, wanted: 'all', got: 'all' }],
        show: [{ kind: 'attributes', title: 'Attributes', rows }],
      }),
    ];
    yield ['stepSealed', {}];
  }
}

async function write(path: string, count: number): Promise<void> {
  const file = createWriteStream(path);
  let last: TranscriptEvent | null = null;
  let at = Date.parse('2026-11-22T09:00:00.000Z');
  const put = async (type: EventType, data: EventData<EventType>): Promise<TranscriptEvent> => {
    const event = chain(
      draft(type, { step: '2.1', role: 'CO1', actor: 'Chiyo Tanaka' }, data),
      last,
      new Date((at += 1000)).toISOString(),
      sha256Text,
    );
    last = event;
    if (!file.write(`${canonical(event)}\n`)) await once(file, 'drain');
    return event;
  };
  const first = await put('opened', opening(officers));
  let written = 1;
  for (const [type, data] of mix(first.hash)) {
    if (written++ >= count - 2) break;
    await put(type, data);
  }
  const { hash } = await put('signOffOpened', { outcome: 'completed' });
  await put('sealed', { head: hash, outcome: 'completed', signatures: signatureLines(officers, hash) });
  file.end();
  await once(file, 'finish');
}

async function prove(path: string): Promise<number> {
  const { problem, facts } = await proveTranscript(path);
  if (problem) throw new Error(`event ${problem.event}: ${problem.what}`);
  return facts.events;
}

/** What nobody can do without: every byte hashed, every line parsed. */
async function plain(path: string): Promise<number> {
  const digest = createHash('sha256');
  let events = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    digest.update(line);
    JSON.parse(line);
    events += 1;
  }
  digest.digest('hex');
  return events;
}

/** Linux keeps the parent's peak in ru_maxrss across exec; VmHWM is this program's own (proc_pid_status(5)). */
function peakMiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}

const [act, path = '', count = '0'] = process.argv.slice(2);
if (act === 'write') await write(path, Number(count));
else {
  const begun = performance.now();
  const events = await (act === 'prove' ? prove(path) : plain(path));
  process.stdout.write(JSON.stringify({ events, ms: performance.now() - begun, peakMiB: peakMiB() }));
}
