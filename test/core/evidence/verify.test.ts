import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, eventHash, type TranscriptEvent } from '../../../core/evidence/event';
import { canonical } from '../../../core/evidence/canonical';
import { TranscriptProof, type TranscriptFacts, type TranscriptProblem } from '../../../core/evidence/verify';
import { PROOF_TOOLS } from '../../../core/pack/bearing-of';
import { sha256Text } from '../../../core/pack/sha256';
import { attendanceText, transcriptText } from '../../../core/evidence/signed-text';
import {
  linesOf,
  opening,
  result,
  sampleOfficer,
  sampleOfficers,
  sampleTranscript,
  SampleTranscript,
  signatureLines,
  signText,
} from './sample-transcript';

function prove(lines: readonly string[]): { problem: TranscriptProblem | null; facts: TranscriptFacts } {
  const proof = new TranscriptProof(PROOF_TOOLS);
  for (const line of lines) proof.feed(line);
  return { problem: proof.end(), facts: proof.facts() };
}

function proveEvents(events: readonly TranscriptEvent[]): TranscriptProblem | null {
  return prove(events.map((event) => canonical(event))).problem;
}

/** Gives changed events a chain that holds, as somebody who rewrites a transcript would. */
function rechained(events: readonly TranscriptEvent[]): TranscriptEvent[] {
  const out: TranscriptEvent[] = [];
  for (const event of events) out.push(chain(event, out.at(-1) ?? null, event.at, sha256Text));
  return out;
}

const sample = sampleTranscript();
const { events, officers } = sample;
const seal = events.at(-1);
const someIndex = fc.integer({ min: 0, max: events.length - 1 });

describe('TranscriptProof', () => {
  it('proves a whole transcript and tells what it holds', () => {
    const { problem, facts } = prove(linesOf(events).trimEnd().split('\n'));
    expect(problem).toBeNull();
    expect(facts).toMatchObject({
      events: events.length,
      exceptions: 1,
      notes: [],
      seal: { outcome: 'completed', head: events.at(-2)?.hash },
    });
    expect([...facts.artefacts.keys()]).toEqual(['template.json', 'inventory-before.json']);
  });

  it('finds an event that was dropped, at its place', () => {
    fc.assert(
      fc.property(someIndex, (at) => {
        expect(proveEvents(events.toSpliced(at, 1))).toMatchObject({ event: at, line: at + 1 });
      }),
    );
  });

  it('finds an event that was duplicated, at its second place', () => {
    fc.assert(
      fc.property(someIndex, (at) => {
        const twice = events.flatMap((event, i) => (i === at ? [event, event] : [event]));
        expect(proveEvents(twice)).toMatchObject({ event: at + 1 });
      }),
    );
  });

  it('finds two events that changed places, at the first of them', () => {
    fc.assert(
      fc.property(someIndex, someIndex, (a, b) => {
        fc.pre(a !== b);
        const [first, second] = [events[a], events[b]];
        if (!first || !second) throw new Error('no such event');
        expect(proveEvents(events.with(a, second).with(b, first))).toMatchObject({ event: Math.min(a, b) });
      }),
    );
  });

  it('finds a transcript that was cut off anywhere', () => {
    for (let length = 0; length < events.length; length++)
      expect(proveEvents(events.slice(0, length))).toMatchObject({ event: length });
  });

  it('finds a line that says the same in other bytes', () => {
    const lines = linesOf(events).trimEnd().split('\n');
    const spelled = (change: (line: string) => string) => prove(lines.map((line, i) => (i === 3 ? change(line) : line))).problem;
    expect(spelled((line) => line.replace('{', '{ '))).toMatchObject({ event: 3, what: expect.stringContaining('canonical') });
    expect(spelled((line) => `${line} `)).toMatchObject({ event: 3, what: expect.stringContaining('canonical') });
    expect(spelled((line) => `${line}\r`)).toMatchObject({ event: 3, what: expect.stringContaining('canonical') });
    expect(spelled((line) => `\uFEFF${line}`)).toMatchObject({ event: 3 });
    expect(spelled((line) => line.replace('"seq":3', '"seq":3.0'))).toMatchObject({
      event: 3,
      what: expect.stringContaining('canonical'),
    });
    expect(spelled((line) => line.replace('"seat":"CO1"', '"seat":"\\u0043O1"'))).toMatchObject({
      event: 3,
      what: expect.stringContaining('canonical'),
    });
    expect(
      spelled((line) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).reverse()))),
    ).toMatchObject({
      event: 3,
      what: expect.stringContaining('canonical'),
    });
    expect(spelled((line) => line.replace('"type":', '"type":"read","type":'))).toMatchObject({
      event: 3,
      what: expect.stringContaining('canonical'),
    });
  });

  it('finds a member that rides along, even when its hash is right', () => {
    const extra = { ...events[3], more: 1 };
    const lines = events.map((event, i) => canonical(i === 3 ? extra : event));
    expect(prove(lines).problem).toMatchObject({ event: 3 });
  });

  it('is not led astray by text inside an event that looks like its own members', () => {
    const transcript = new SampleTranscript();
    const people = sampleOfficers();
    transcript.add('opened', opening(people));
    const trap = `x","hash":"${'0'.repeat(64)}","prev":"${'0'.repeat(64)}`;
    transcript.add('ticked', { item: 1, text: trap }, '1.1', 'IW', trap.slice(0, 100));
    transcript.add('signOffOpened', { outcome: 'completed' });
    const { head } = transcript;
    transcript.add('sealed', { head, outcome: 'completed', signatures: signatureLines(people, head) });
    expect(proveEvents(transcript.events)).toBeNull();
  });

  it('finds types and data that are not in the vocabulary, even in a chain that holds', () => {
    const at = (i: number, change: Partial<TranscriptEvent>) =>
      proveEvents(rechained(events.map((event, n) => (n === i ? { ...event, ...change } : event))));
    expect(at(5, { type: 'invented' })).toMatchObject({ event: 5, what: expect.stringContaining('unknown event type') });
    expect(at(5, { type: 'constructor' })).toMatchObject({ event: 5, what: expect.stringContaining('unknown event type') });
    expect(at(5, { data: { unheard: 1 } })).toMatchObject({ event: 5 });
    expect(at(0, { type: 'read', data: {} })).toMatchObject({ event: 0, what: 'the first event does not open a ceremony' });
  });

  it('finds a second opening and anything after the seal', () => {
    const first = events[0];
    if (!first || !seal) throw new Error('sample');
    expect(proveEvents(rechained([...events.slice(0, 5), first, ...events.slice(5)]))).toMatchObject({
      event: 5,
      what: expect.stringContaining('second opening'),
    });
    const after = chain({ type: 'read', step: '', role: '', actor: '', data: {} }, seal, seal.at, sha256Text);
    expect(proveEvents([...events, after])).toMatchObject({ event: events.length, what: expect.stringContaining('sealed') });
  });

  it('notes a clock that went back, and does not fail for it', () => {
    const transcript = new SampleTranscript();
    const people = sampleOfficers();
    transcript.add('opened', opening(people));
    const first = transcript.events[0];
    if (!first) throw new Error('sample');
    const earlier = chain(
      { type: 'read', step: '1.1', role: 'CA', actor: '', data: {} },
      first,
      '2026-11-22T08:59:59.999Z',
      sha256Text,
    );
    transcript.events.push(earlier);
    transcript.add('signOffOpened', { outcome: 'completed' });
    const { head } = transcript;
    transcript.add('sealed', { head, outcome: 'completed', signatures: signatureLines(people, head) });
    const { problem, facts } = prove(transcript.events.map((event) => canonical(event)));
    expect(problem).toBeNull();
    expect(facts.notes).toEqual([
      { event: 1, what: 'the clock went back from 2026-11-22T09:00:00.000Z to 2026-11-22T08:59:59.999Z' },
    ]);
  });

  it('finds one flipped bit of any byte of any line', () => {
    const lines = linesOf(events).trimEnd().split('\n');
    fc.assert(
      fc.property(someIndex, fc.nat(), fc.integer({ min: 0, max: 7 }), (at, place, bit) => {
        const bytes = Buffer.from(lines[at] ?? '', 'utf8');
        const i = place % bytes.length;
        bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
        const { problem } = prove(lines.with(at, bytes.toString('utf8')));
        expect(problem).toMatchObject({ event: at });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('signatures', () => {
  const head = events.at(-2)?.hash ?? '';
  const sealedWith = (signatures: ReturnType<typeof signatureLines>, more: object = {}) =>
    proveEvents(
      rechained([
        ...events.slice(0, -1),
        { ...(seal as TranscriptEvent), data: { head, outcome: 'completed', signatures, ...more } },
      ]),
    );
  const good = () => signatureLines(officers, head);

  it('refuses a transcript sealed again by somebody who is not an officer of event 0', () => {
    const stranger = sampleOfficer('CA', 'CA', 'Ada Lindqvist');
    expect(sealedWith([...signatureLines([stranger], head), ...good().slice(1)])?.what).toContain('not a participant of event 0');
  });

  it('refuses a transcript rewritten and sealed by officers of its own, when they take the ids of the real ones', () => {
    const fakes = officers.map(({ participant }) => {
      const fake = sampleOfficer(participant.seat, participant.role, participant.name);
      return { ...fake, participant: { ...fake.participant, officer: participant.officer } };
    });
    expect(proveEvents(sampleTranscript({ officers: fakes }).events)).toMatchObject({
      event: 0,
      what: expect.stringContaining('does not follow from the public key'),
    });
  });

  it('refuses a forged signature, one given for another text, and one that is not a signature', () => {
    const genesis = events[0]?.hash ?? '';
    const [first, ...others] = good();
    if (!first || !officers[0] || !officers[1]) throw new Error('sample');
    for (const signature of [
      signText(officers[1].key, transcriptText(head)),
      signText(officers[0].key, transcriptText(genesis)),
      signText(officers[0].key, attendanceText(genesis, 'CA')),
      'AAAA',
    ]) {
      expect(sealedWith([{ ...first, signature }, ...others])?.what).toContain('the signature of CA');
    }
  });

  it.each([
    ['one participant left out', () => good().slice(1), 'instead of one'],
    ['one participant twice', () => [...good(), ...good().slice(0, 1)], 'instead of one'],
    ['another name', () => good().map((line, i) => (i === 0 ? { ...line, name: 'Someone' } : line)), 'not a participant'],
    [
      'seats exchanged',
      () => good().map((line, i) => (i === 2 ? { ...line, seat: 'CO2' } : i === 3 ? { ...line, seat: 'CO1' } : line)),
      'not a participant',
    ],
    [
      'nobody having signed',
      () => good().map(({ seat, officer, name, publicKey }) => ({ seat, officer, name, publicKey, doNotAgree: 'no' })),
      'nobody signed',
    ],
    ['no lines', () => [], 'instead of one'],
  ])('refuses a seal with %s', (_, lines, what) => {
    expect(sealedWith(lines())).toMatchObject({ event: events.length - 1, what: expect.stringContaining(what) });
  });

  it('refuses a seal over another head, and an outcome that is not the one that was signed off', () => {
    expect(sealedWith(good(), { head: 'a'.repeat(64) })?.what).toContain('sealed head');
    expect(sealedWith(good(), { outcome: 'aborted' })?.what).toContain('sign-off was opened as completed');
  });

  it('refuses forged attendance and approvals, and those of people who do not hold the seat', () => {
    const [signIn, approval] = [
      events.findIndex(({ type }) => type === 'signedIn'),
      events.findIndex(({ type }) => type === 'approved'),
    ];
    const data = (i: number, change: object) =>
      proveEvents(rechained(events.map((event, n) => (n === i ? { ...event, data: { ...event.data, ...change } } : event))));
    const other = events[signIn + 1]?.data['signature'];
    expect(data(signIn, { signature: other })).toMatchObject({ event: signIn, what: expect.stringContaining('does not verify') });
    expect(data(signIn, { officer: officers[1]?.participant.officer })).toMatchObject({
      event: signIn,
      what: expect.stringContaining('does not hold seat'),
    });
    expect(data(signIn, { seat: 'SO' })).toMatchObject({ event: signIn, what: expect.stringContaining('not a participant') });
    expect(data(approval, { digest: 'b'.repeat(64) })).toMatchObject({
      event: approval,
      what: expect.stringContaining('does not verify'),
    });
    expect(data(approval, { gate: 'template' })).toMatchObject({
      event: approval,
      what: expect.stringContaining('does not verify'),
    });
  });

  it('refuses participants without keys, and two in one seat', () => {
    const opened = (change: (people: ReturnType<typeof opening>['participants']) => unknown) =>
      proveEvents(
        rechained(
          events.map((event, i) =>
            i === 0
              ? { ...event, data: { ...event.data, participants: change(opening(officers).participants) as never } }
              : event,
          ),
        ),
      );
    expect(opened((people) => [...people, people[0]])?.what).toContain('given twice');
    expect(opened((people) => people.map((one) => ({ ...one, publicKey: 'AAAA' })))?.what).toContain('not a raw Ed25519 key');
    expect(opened(() => [])?.what).toContain('no participant');
  });

  it('refuses artefacts with names that leave their folder, and one referred to twice', () => {
    const refer = (...names: string[]) => {
      const transcript = new SampleTranscript();
      transcript.add('opened', opening(officers));
      const artefacts = names.map((name) => ({ name, size: 1, sha256: 'a'.repeat(64) }));
      transcript.add('result', result('token.inventory', { artefacts }));
      return proveEvents(transcript.events);
    };
    for (const name of ['../manifest.json', 'a/b', '.hidden', 'A.json', '', 'x'.repeat(82)])
      expect(refer(name)?.what).toContain('not a name');
    expect(refer('a.json', 'a.json')?.what).toContain('a second time');
  });
});

describe('eventHash', () => {
  it('is the SHA-256 of the canonical form without hash', () => {
    const event = events[4] as TranscriptEvent;
    const { hash, ...body } = event;
    expect(eventHash(event, sha256Text)).toBe(hash);
    expect(sha256Text(canonical(body))).toBe(hash);
  });
});
