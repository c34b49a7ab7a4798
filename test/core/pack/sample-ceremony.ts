import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventData } from '../../../core/ceremony/events';
import type { Script, Step } from '../../../core/ceremony/script';
import { readScript } from '../../../core/ceremony/script-file';
import { defaultInputs, neededSeats, plannedSteps } from '../../../core/ceremony/variant';
import type { TranscriptEvent } from '../../../core/evidence/event';
import { approvalText, attendanceText } from '../../../core/evidence/signed-text';
import { sha256Text } from '../../../core/pack/sha256';
import {
  opening,
  result,
  sampleOfficer,
  SampleTranscript,
  signatureLines,
  signText,
  type SampleOfficer,
} from '../evidence/sample-transcript';

export const SCRIPT_BYTES = readFileSync(join(import.meta.dirname, '../../../resources/ceremonies/hsm-key.yaml'));

const NAMES: Readonly<Record<string, string>> = {
  CA: 'Ada Lindqvist',
  IW: 'Bertrand Okonkwo',
  CO1: 'Chiyo Tanaka',
  CO2: 'Désirée Müller-Østergaard',
  EW: 'Efthymios Παπαδόπουλος',
};

export function hsmKeyScript(): Script {
  const reading = readScript(SCRIPT_BYTES.toString('utf8'));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.script;
}

export interface SampleCeremonyOptions {
  readonly runMode?: 'rehearsal' | 'production';
  /** the ceremony is aborted after this step */
  readonly abortAfter?: string;
  readonly dissent?: string;
  readonly calm?: boolean;
}

const KEY = sha256Text('the key');

/** What an act shows, as rich as on a real token, so that the report has everything to draw. */
function outcome(verb: string): EventData<'result'> {
  switch (verb) {
    case 'token.open':
      return result(verb, {
        tookMs: 48,
        data: { serial: '4a1c09d2e0f31b77' },
        checks: [
          { rule: 'CER-TOKEN-SERIAL', ok: true, wanted: '4a1c09d2e0f31b77', got: '4a1c09d2e0f31b77' },
          { rule: 'CER-PIN-TRIES', ok: true, wanted: 'no count low', got: 'ok' },
        ],
        show: [
          {
            kind: 'facts',
            title: 'Module',
            rows: [
              { name: 'Path', value: '/usr/lib/softhsm/libsofthsm2.so', mono: true },
              { name: 'SHA-256', value: sha256Text('module'), mono: true },
              { name: 'Cryptoki', value: '2.40' },
            ],
          },
          {
            kind: 'facts',
            title: 'Token',
            rows: [
              { name: 'Manufacturer', value: 'SoftHSM project' },
              { name: 'Model', value: 'SoftHSM v2' },
              { name: 'Serial', value: '4a1c09d2e0f31b77', mono: true },
              { name: 'Firmware', value: '2.6' },
            ],
          },
        ],
      });
    case 'token.inventoryBefore':
      return result(verb, {
        show: [
          {
            kind: 'table',
            title: 'Objects on the token',
            columns: ['Class', 'Label', 'Id'],
            rows: [],
            empty: 'The token holds no object.',
          },
        ],
      });
    case 'token.readBack':
      return result(verb, {
        checks: [{ rule: 'CER-ATTRIBUTES', ok: true, wanted: 'all equal', got: 'all equal' }],
        show: [
          {
            kind: 'attributes',
            title: 'Attributes of the secret key',
            rows: [
              ...['CKA_TOKEN', 'CKA_PRIVATE', 'CKA_SENSITIVE', 'CKA_LOCAL', 'CKA_ALWAYS_SENSITIVE', 'CKA_NEVER_EXTRACTABLE'].map(
                (name) => ({ name, wanted: 'TRUE', got: 'TRUE', ok: true }),
              ),
              ...['CKA_EXTRACTABLE', 'CKA_WRAP', 'CKA_UNWRAP', 'CKA_MODIFIABLE'].map((name) => ({
                name,
                wanted: 'false',
                got: 'false',
                ok: true,
              })),
              { name: 'CKA_ALLOWED_MECHANISMS', wanted: 'CKM_AES_GCM', got: 'CKM_AES_GCM', ok: true },
            ],
          },
        ],
      });
    case 'token.negativeTests':
      return result(verb, {
        checks: [
          { rule: 'CER-VALUE-HIDDEN', ok: true, wanted: 'refused', got: 'CKR_ATTRIBUTE_SENSITIVE' },
          { rule: 'CER-WRAP-REFUSED', ok: true, wanted: 'refused', got: 'CKR_KEY_UNEXTRACTABLE' },
          { rule: 'CER-MECHANISM-REFUSED', ok: true, wanted: 'refused', got: 'CKR_MECHANISM_INVALID' },
        ],
      });
    case 'token.checkValue':
      return result(verb, {
        values: { 'key.fingerprint': KEY, 'key.checkValue': 'GCM-TAG 5a0c91', 'key.id': KEY.slice(0, 32) },
        show: [
          {
            kind: 'facts',
            title: 'Key check value',
            rows: [
              { name: 'Method', value: 'GCM-TAG' },
              { name: 'Value', value: '5a0c91', mono: true },
            ],
          },
          { kind: 'fingerprint', title: 'Fingerprint of the key', digest: KEY },
        ],
      });
    case 'token.plan':
      return result(verb, {
        checks: [{ rule: 'CER-ID-FREE', ok: true, wanted: 'no object with this id', got: 'none' }],
        show: [
          {
            kind: 'table',
            title: 'Template',
            columns: ['Attribute', 'Value'],
            rows: [
              ['CKA_LABEL', 'xks-root-1'],
              ['CKA_ID', KEY.slice(0, 32)],
              ['CKA_SENSITIVE', 'true'],
            ],
            empty: '',
          },
        ],
        values: { 'template.digest': sha256Text('template') },
        artefacts: [{ name: 'template.json', size: 412, sha256: sha256Text('template file') }],
      });
    default:
      return result(verb, { checks: [{ rule: 'CER-ROUND-TRIP', ok: true, wanted: 'as planned', got: 'as planned' }] });
  }
}

class Performer {
  readonly #transcript: SampleTranscript;
  readonly #officers: readonly SampleOfficer[];
  readonly #genesis: string;

  constructor(transcript: SampleTranscript, officers: readonly SampleOfficer[], genesis: string) {
    this.#transcript = transcript;
    this.#officers = officers;
    this.#genesis = genesis;
  }

  perform(step: Step, script: Script): void {
    if (step.read !== undefined && step.do.action !== 'signOff') this.#add('read', {}, step);
    this.#do(step, script);
    if (step.do.action !== 'signOff') this.#add('stepSealed', {}, step);
  }

  #add<T extends Parameters<SampleTranscript['add']>[0]>(type: T, data: EventData<T>, step: Step, seat = step.seat): void {
    this.#transcript.add(type, data, step.id, seat, NAMES[seat] ?? '');
  }

  #do(step: Step, script: Script): void {
    const act = step.do;
    switch (act.action) {
      case 'listen':
        return;
      case 'attendance':
        for (const {
          participant: { seat, officer },
          key,
        } of this.#officers) {
          this.#add('signedIn', { seat, officer, signature: signText(key, attendanceText(this.#genesis, seat)) }, step, seat);
        }
        return;
      case 'confirm':
        for (const [item, text] of act.items.entries()) this.#add('ticked', { item, text }, step);
        return;
      case 'choose': {
        const [option, { title } = { title: '' }] = Object.entries(act.options)[0] ?? [''];
        return this.#add('chosen', { option, title }, step);
      }
      case 'enterTwice':
        for (const entry of [1, 2] as const) this.#add('entered', { name: act.name, entry, value: '4a1c09d2e0f31b77' }, step);
        return;
      case 'compare':
        for (let row = 1; row <= 8; row++)
          this.#add(
            'compared',
            {
              value: act.value,
              digest: act.value === 'key.fingerprint' ? KEY : sha256Text(SCRIPT_BYTES.toString('utf8')),
              row,
              equal: true,
            },
            step,
            act.checker,
          );
        return;
      case 'approve': {
        const digest = act.gate === 'plan' ? this.#genesis : sha256Text('template');
        const { of, quorum } = script.approvals[act.gate] ?? { of: [], quorum: 0 };
        for (const {
          participant: { seat, officer },
          key,
        } of this.#officers.filter(({ participant }) => of.includes(participant.role)).slice(0, quorum)) {
          this.#add(
            'approved',
            { gate: act.gate, seat, officer, digest, signature: signText(key, approvalText(this.#genesis, act.gate, digest)) },
            step,
            seat,
          );
        }
        return;
      }
      case 'act':
        this.#add('intent', { operation: act.verb, attempt: 1, details: {} }, step);
        return this.#add('result', outcome(act.verb), step);
      case 'signOff':
        return this.#add('signOffOpened', { outcome: 'completed' }, step);
    }
  }
}

/** A whole ceremony after `hsm-key.yaml`, with two exceptions and an interlude, sealed. */
export function sampleCeremony(options: SampleCeremonyOptions = {}): TranscriptEvent[] {
  const script = hsmKeyScript();
  const inputs = defaultInputs(script);
  const seats = [...neededSeats(script, inputs), 'EW'];
  const officers = seats.map((seat) => sampleOfficer(seat, seat.slice(0, 2), NAMES[seat] ?? seat));
  const transcript = new SampleTranscript();
  const genesis = transcript.add('opened', {
    ...opening(officers, { script: SCRIPT_BYTES, runMode: options.runMode ?? 'rehearsal' }),
    inputs,
  }).hash;
  const performer = new Performer(transcript, officers, genesis);
  let outcomeOfIt: 'completed' | 'aborted' = 'completed';
  for (const { step } of plannedSteps(script, inputs)) {
    performer.perform(step, script);
    if (options.calm !== true) disturb(transcript, step.id);
    if (step.id !== options.abortAfter) continue;
    transcript.add('aborted', { reason: 'The fire alarm went off.', decidedBy: ['CA', 'IW'] }, step.id, 'CA', NAMES['CA']);
    transcript.add('signOffOpened', { outcome: 'aborted' }, step.id, 'CA', NAMES['CA']);
    outcomeOfIt = 'aborted';
    break;
  }
  const { head } = transcript;
  transcript.add('sealed', { head, outcome: outcomeOfIt, signatures: signatureLines(officers, head, options.dissent ?? 'EW') });
  return transcript.events;
}

function disturb(transcript: SampleTranscript, step: string): void {
  if (step === '1.4') {
    transcript.add(
      'exceptionOpened',
      {
        number: 1,
        severity: 'cosmetic',
        source: 'person',
        about: 'circumstance',
        expected: 'a quiet room',
        happened: 'The air conditioning was so loud that the words were read twice.',
      },
      '1.5',
      'IW',
      NAMES['IW'],
    );
    transcript.add(
      'exceptionDecided',
      {
        number: 1,
        decision: 'continue',
        reason: 'Everybody heard the second reading.',
        effectOnKey: 'none',
        decidedBy: ['CA', 'IW'],
        owner: 'Ada Lindqvist',
      },
      '1.5',
      'CA',
      NAMES['CA'],
    );
  }
  if (step === '2.8') {
    const paused = transcript.add('paused', { reason: 'Lunch', minutes: 30, inventory: '' }, '2.9', 'CA', NAMES['CA']);
    transcript.wait(25);
    transcript.add(
      'resumed',
      { head: paused.hash, inventory: '', present: ['CA', 'IW', 'CO1', 'CO2', 'EW'] },
      '2.9',
      'CA',
      NAMES['CA'],
    );
  }
  if (step === '3.8') {
    transcript.add('reopened', { tool: { name: 'keyrite', version: '0.1.0', build: '0123456789ab' } });
    transcript.add('alarm', { code: 'file.mirrorLost', text: 'The mirror medium is gone.' });
    transcript.add(
      'exceptionOpened',
      {
        number: 2,
        severity: 'procedural',
        source: 'machine',
        about: 'circumstance',
        expected: 'a mirror of the transcript',
        happened: 'the mirror medium was pulled out',
      },
      '3.9',
      'CO1',
      NAMES['CO1'],
    );
    transcript.add(
      'exceptionDecided',
      {
        number: 2,
        decision: 'repeat',
        reason: 'Medium put back, caught up.',
        effectOnKey: 'none',
        decidedBy: ['CA', 'IW'],
        owner: 'Bertrand Okonkwo',
      },
      '3.9',
      'CA',
      NAMES['CA'],
    );
  }
}
