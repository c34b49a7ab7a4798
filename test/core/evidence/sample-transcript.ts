import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { draft, type EventData, type EventType, type Participant, type SignatureLine } from '../../../core/ceremony/events';
import { canonical } from '../../../core/evidence/canonical';
import { chain, type TranscriptEvent } from '../../../core/evidence/event';
import { officerId } from '../../../core/evidence/officer-id';
import { approvalText, attendanceText, transcriptText } from '../../../core/evidence/signed-text';
import { sha256Bytes, sha256Text } from '../../../core/pack/sha256';

/** A person with a real key. */
export interface SampleOfficer {
  readonly participant: Participant;
  readonly key: KeyObject;
}

export function sampleOfficer(seat: string, role: string, name: string): SampleOfficer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const participant = { seat, role, officer: officerId(raw, sha256Bytes), name, publicKey: Buffer.from(raw).toString('base64') };
  return { participant, key: privateKey };
}

export function sampleOfficers(): SampleOfficer[] {
  return [
    sampleOfficer('CA', 'CA', 'Ada Lindqvist'),
    sampleOfficer('IW', 'IW', 'Bertrand Okonkwo'),
    sampleOfficer('CO1', 'CO', 'Chiyo Tanaka'),
    sampleOfficer('CO2', 'CO', 'Désirée Müller'),
  ];
}

export function signText(key: KeyObject, text: string): string {
  return sign(null, Buffer.from(text), key).toString('base64');
}

export const SAMPLE_SCRIPT = Buffer.from('format: keyrite-script-1\nid: hsm-key\ntitle: Generate a key in an HSM\n', 'utf8');

export function artefact(name: string, text: string): { name: string; bytes: Buffer; size: number; sha256: string } {
  const bytes = Buffer.from(text, 'utf8');
  return { name, bytes, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export const SAMPLE_ARTEFACTS = [
  artefact('template.json', '{"CKA_SENSITIVE":true}\n'),
  artefact('inventory-before.json', '[]\n'),
];

export interface SampleOptions {
  readonly officers?: readonly SampleOfficer[];
  readonly ceremonyId?: string;
  readonly runMode?: 'rehearsal' | 'production';
  readonly script?: Uint8Array;
  /** `read` events put in before the sign-off */
  readonly filler?: number;
  readonly dissent?: string;
  readonly outcome?: 'completed' | 'aborted';
}

/** Appends events with a clock that runs 7 s per event, and keeps the chain. */
export class SampleTranscript {
  readonly events: TranscriptEvent[] = [];
  #at = Date.parse('2026-11-22T09:00:00.000Z');

  add<T extends EventType>(type: T, data: EventData<T>, step = '', role = '', actor = ''): TranscriptEvent {
    const event = chain(
      draft(type, { step, role, actor }, data),
      this.events.at(-1) ?? null,
      new Date(this.#at).toISOString(),
      sha256Text,
    );
    this.#at += 19_000;
    this.events.push(event);
    return event;
  }

  /** Lets time pass. */
  wait(minutes: number): void {
    this.#at += minutes * 60_000;
  }

  get head(): string {
    return this.events.at(-1)?.hash ?? '';
  }
}

export function opening(officers: readonly SampleOfficer[], options: SampleOptions = {}): EventData<'opened'> {
  return {
    format: 'keyrite-transcript-1',
    ceremonyId: options.ceremonyId ?? 'hsm-key-2026-11-22-a1b2',
    runMode: options.runMode ?? 'rehearsal',
    script: { id: 'hsm-key', title: 'Generate a key in an HSM', sha256: sha256Bytes(options.script ?? SAMPLE_SCRIPT) },
    tool: { name: 'keyrite', version: '0.1.0', build: '0123456789ab' },
    station: { id: 'station-1', kind: 'offline' },
    token: {
      profile: 'softhsm',
      modulePath: '/usr/lib/softhsm/libsofthsm2.so',
      serial: '4a1c09d2e0f31b77',
      label: 'keyrite-rehearsal',
    },
    inputs: { purpose: 'xks', keySpec: 'AES_256', keyLabel: 'xks-2026-11' },
    participants: officers.map(({ participant }) => participant),
  };
}

export function result(operation: string, more: Partial<EventData<'result'>> = {}): EventData<'result'> {
  return { operation, ok: true, tookMs: 12, data: {}, checks: [], show: [], values: {}, artefacts: [], error: null, ...more };
}

export function signatureLines(officers: readonly SampleOfficer[], head: string, dissent = ''): SignatureLine[] {
  return officers.map(({ participant: { seat, officer, name, publicKey }, key }) => {
    const who = { seat, officer, name, publicKey };
    return seat === dissent
      ? { ...who, doNotAgree: 'I could not read the third row.' }
      : { ...who, signature: signText(key, transcriptText(head)) };
  });
}

/** A small ceremony with everything the proof looks at: attendance, approvals, artefacts, an exception, the seal. */
export function sampleTranscript(options: SampleOptions = {}): { events: TranscriptEvent[]; officers: readonly SampleOfficer[] } {
  const officers = options.officers ?? sampleOfficers();
  const transcript = new SampleTranscript();
  const genesis = transcript.add('opened', opening(officers, options)).hash;
  for (const {
    participant: { seat, officer, name },
    key,
  } of officers) {
    transcript.add('signedIn', { seat, officer, signature: signText(key, attendanceText(genesis, seat)) }, '1.1', seat, name);
  }
  transcript.add('stepSealed', {}, '1.1', 'CA', 'Ada Lindqvist');
  const digest = sha256Text('plan');
  for (const {
    participant: { seat, officer, name },
    key,
  } of officers.slice(0, 2)) {
    transcript.add(
      'approved',
      { gate: 'plan', seat, officer, digest, signature: signText(key, approvalText(genesis, 'plan', digest)) },
      '1.3',
      seat,
      name,
    );
  }
  transcript.add('intent', { operation: 'token.generate', attempt: 1, details: { ckaId: '00ff' } }, '2.1', 'CO1', 'Chiyo Tanaka');
  transcript.add(
    'result',
    result('token.generate', {
      data: { mechanism: 'CKM_AES_KEY_GEN', '9': 1, '10': 2 },
      checks: [{ rule: 'CER-LOCAL', ok: true, wanted: 'true', got: 'true' }],
      artefacts: SAMPLE_ARTEFACTS.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
    }),
    '2.1',
    'CO1',
    'Chiyo Tanaka',
  );
  transcript.add(
    'exceptionOpened',
    { number: 1, severity: 'cosmetic', source: 'person', about: 'circumstance', expected: 'a printer', happened: 'none €' },
    '2.1',
    'IW',
    'Bertrand',
  );
  transcript.add(
    'exceptionDecided',
    { number: 1, decision: 'continue', reason: 'paper at hand', effectOnKey: 'none', decidedBy: ['CA', 'IW'], owner: 'Ada' },
    '2.1',
    'CA',
    'Ada Lindqvist',
  );
  for (let i = 0; i < (options.filler ?? 0); i++)
    transcript.add('ticked', { item: i % 20, text: `item ${i}` }, '2.2', 'IW', 'Bertrand Okonkwo');
  const outcome = options.outcome ?? 'completed';
  transcript.add('signOffOpened', { outcome }, '3.1', 'CA', 'Ada Lindqvist');
  const head = transcript.head;
  transcript.add('sealed', { head, outcome, signatures: signatureLines(officers, head, options.dissent) });
  return { events: transcript.events, officers };
}

/** The bytes of a transcript as the journal writes them. */
export function linesOf(events: readonly TranscriptEvent[]): string {
  return events.map((event) => `${canonical(event)}\n`).join('');
}
