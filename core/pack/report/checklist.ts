import type { CeremonyEvent, EventType } from '../../ceremony/events';
import { plannedSteps } from '../../ceremony/variant';
import { gatesOf } from './gates';
import type { Story } from './story';

/** `open`: this ceremony's script has nothing that would answer it; somebody else must. */
export type Answer = 'yes' | 'no' | 'open';

export interface Answered {
  readonly n: number;
  readonly question: string;
  readonly answer: Answer;
  readonly because: string;
  /** the events an auditor looks at first */
  readonly events: readonly number[];
}

interface Found {
  readonly answer: Answer;
  readonly because: string;
  readonly events?: readonly number[];
}

type Of<T extends EventType> = Extract<CeremonyEvent, { type: T }>;

/** Looks things up in a story for the questions below. */
class EventFinder {
  readonly story: Story;

  constructor(story: Story) {
    this.story = story;
  }

  all<T extends EventType>(type: T): Of<T>[] {
    return this.story.events.filter((event): event is Of<T> => event.type === type);
  }

  /** The last good result of an operation. */
  result(operation: string): Of<'result'> | null {
    return this.all('result').findLast(({ data }) => data.operation === operation && data.ok) ?? null;
  }

  plans(operation: string): boolean {
    return this.#steps().some(({ do: act }) => act.action === 'act' && act.verb === operation);
  }

  /** The steps that give a fact, and whether they were sealed. */
  effect(fact: string): Found | null {
    const ids = this.#steps()
      .filter(({ effects }) => effects.includes(fact))
      .map(({ id }) => id);
    return ids.length === 0 ? null : this.sealed(ids);
  }

  /** Whether those of these steps that the plan has were sealed. */
  sealed(ids: readonly string[]): Found {
    const planned = ids.filter((id) => this.#steps().some((step) => step.id === id));
    const seals = this.all('stepSealed').filter(({ step }) => planned.includes(step));
    const missing = planned.filter((id) => !seals.some(({ step }) => step === id));
    const events = seals.map(({ seq }) => seq);
    if (planned.length === 0) return { answer: 'open', because: 'this plan has no such step' };
    return missing.length === 0
      ? { answer: 'yes', because: `step ${planned.join(', ')} sealed`, events }
      : { answer: 'no', because: `step ${missing.join(', ')} not reached`, events };
  }

  /** A full read-out of a digest, eight equal rows. */
  readOut(value: string): Found {
    const rows = this.all('compared').filter(({ data }) => data.value === value);
    const equal = new Set(
      rows
        .slice(-8)
        .filter(({ data }) => data.equal)
        .map(({ data }) => data.row),
    );
    const planned = this.#steps().some(({ do: act }) => act.action === 'compare' && act.value === value);
    if (rows.length === 0) return { answer: planned ? 'no' : 'open', because: 'not read out' };
    const seqs = rows.slice(-8).map(({ seq }) => seq);
    return {
      answer: equal.size === 8 ? 'yes' : 'no',
      because: `${equal.size} of 8 rows equal`,
      events: seqs.filter((_, i) => i === 0 || i === seqs.length - 1),
    };
  }

  attribute(name: string): Of<'result'> | null {
    const holds = ({ data }: Of<'result'>) =>
      data.ok &&
      data.show.some(
        (block) =>
          block.kind === 'attributes' &&
          block.rows.some((row) => row.name === name && row.ok && row.got.toLowerCase() === 'true'),
      );
    return this.all('result').findLast(holds) ?? null;
  }

  #steps() {
    const { script, opened } = this.story;
    return script ? plannedSteps(script, opened.inputs).map(({ step }) => step) : [];
  }
}

const ELSEWHERE = (because: string) => (): Found => ({ answer: 'open', because });

const QUESTIONS: readonly (readonly [question: string, look: (record: EventFinder) => Found])[] = [
  ['The approved script is the one that was executed', executedScript],
  ['All roles distinct, named and signed in', roles],
  ['Every deviation recorded and accepted', deviations],
  ['Module make, model, serial and firmware recorded', moduleFacts],
  [
    'Key generated inside the module (CKA_LOCAL)',
    (record) => attributeAnswer(record, 'CKA_LOCAL', 'CKA_LOCAL read back as true'),
  ],
  ['Attributes enforced and negatively tested', attributes],
  ['Dual control on each sensitive act', dualControl],
  ['Key check value or fingerprint read by two people', (record) => record.readOut('key.fingerprint')],
  ['Custody of cards, media and bags unbroken', (record) => section(record, 'physicalSecurity')],
  ['No clear key on the host', clearKey],
  [
    'Backups made, restored, counted',
    (record) => record.effect('backup.settled') ?? { answer: 'open', because: 'no step about backups' },
  ],
  ['Activation data split and stored', ELSEWHERE('who keeps PINs and cards is not part of this record')],
  ['Clock source', (record) => record.effect('clock.witnessed') ?? { answer: 'open', because: 'no step compares the clock' }],
  ['Chain verifies offline; head signed by all', signedByAll],
  ['CloudTrail on the AWS side agrees', cloudTrail],
  ['Rehearsed within 30 days with the same script', ELSEWHERE('look for a rehearsal pack with the script digest of page 1')],
  [
    'Expiry and rotation have an owner and a date',
    (record) => calendar(record) ?? record.effect('ends.tied') ?? { answer: 'open', because: 'on the paper script' },
  ],
  ['Retention date', (record) => record.effect('ends.tied') ?? { answer: 'open', because: 'on the paper script' }],
  ['Disposition of media and residue', (record) => section(record, 'storage')],
  ['Agreement or dissent of every participant', agreement],
];

/** What AWS logged is AWS's to show: here is what to look for. */
function cloudTrail(record: EventFinder): Found {
  const asked = record.all('result').filter(({ data }) => data.ok && data.operation.startsWith('aws.'));
  if (asked.length === 0) return { answer: 'open', because: 'no AWS call is part of this record' };
  const because = 'compare the request ids of these events with CloudTrail within 24 hours';
  return { answer: 'open', because, events: asked.map(({ seq }) => seq) };
}

function calendar(record: EventFinder): Found | null {
  const entered = record.result('calendar.enter');
  if (entered === null) return record.plans('calendar.enter') ? { answer: 'no', because: 'nothing was entered' } : null;
  const { due, owner } = entered.data.data;
  const isDated = typeof due === 'string' && typeof owner === 'string';
  const because = isDated ? `expires ${due}, owner ${owner}` : 'the material never expires';
  return { answer: 'yes', because, events: [entered.seq] };
}

/** The auditor's twenty questions, answered from the transcript alone. */
export function answerChecklist(story: Story): Answered[] {
  const record = new EventFinder(story);
  return QUESTIONS.map(([question, look], i) => ({ n: i + 1, question, events: [], ...look(record) }));
}

function executedScript(record: EventFinder): Found {
  const { story } = record;
  const gates = gatesOf(story).filter(({ subject }) => subject === 'plan');
  const plan = gates.flatMap(({ approvals }) => approvals).filter(({ digest }) => digest === story.genesis);
  const readOut = record.readOut('script.digest');
  const events = [0, ...(readOut.events ?? []), ...plan.map(({ seq }) => seq)];
  if (plan.length === 0) return { answer: 'no', because: 'the plan was not approved', events };
  const read = readOut.answer === 'yes' ? '; digest read out, 8 of 8 rows equal' : '';
  return {
    answer: readOut.answer === 'no' ? 'no' : 'yes',
    because: `event 0 binds the script; ${plan.length} approved it by signature${read}`,
    events,
  };
}

function roles(record: EventFinder): Found {
  const { participants } = record.story.opened;
  const signedIn = record.all('signedIn');
  const officers = new Set(participants.map(({ officer }) => officer));
  const missing = participants.filter(({ seat }) => !signedIn.some(({ data }) => data.seat === seat)).map(({ seat }) => seat);
  const events = signedIn.map(({ seq }) => seq);
  if (officers.size < participants.length) return { answer: 'no', because: 'one person holds two seats', events };
  if (missing.length > 0) return { answer: 'no', because: `${missing.join(', ')} did not sign in`, events };
  return { answer: 'yes', because: `${participants.length} seats, ${officers.size} people, each signed in by own key`, events };
}

function deviations({ story: { exceptions } }: EventFinder): Found {
  const open = exceptions.filter(({ decided }) => decided === null).map(({ opened }) => opened.number);
  const events = exceptions.flatMap(({ seq, decided }) => [seq, ...(decided ? [decided.seq] : [])]);
  if (open.length > 0) return { answer: 'no', because: `exception ${open.join(', ')} was not decided`, events };
  return {
    answer: 'yes',
    because: exceptions.length === 0 ? 'no exception was called' : `${exceptions.length} called, all decided`,
    events,
  };
}

function moduleFacts(record: EventFinder): Found {
  const opened = record.result('token.open');
  if (opened)
    return { answer: 'yes', because: 'read from the module; a FIPS mode is not reported over PKCS#11', events: [opened.seq] };
  return { answer: record.plans('token.open') ? 'no' : 'open', because: 'the token was not read' };
}

function attributeAnswer(record: EventFinder, name: string, because: string): Found {
  const found = record.attribute(name);
  if (found) return { answer: 'yes', because, events: [found.seq] };
  return { answer: record.plans('token.readBack') ? 'no' : 'open', because: `${name} was not read back as true` };
}

function attributes(record: EventFinder): Found {
  const [readBack, refused] = [record.result('token.readBack'), record.result('token.negativeTests')];
  const events = [readBack, refused].flatMap((one) => (one ? [one.seq] : []));
  if (!record.plans('token.readBack') && events.length === 0) return { answer: 'open', because: 'no key is read back' };
  const holds = (one: Of<'result'> | null) => one !== null && one.data.checks.every(({ ok }) => ok);
  if (!record.plans('token.negativeTests') && refused === null && holds(readBack))
    return { answer: 'open', because: 'read back equal; no negative test in this script', events };
  const isProven = holds(readBack) && holds(refused);
  return {
    answer: isProven ? 'yes' : 'no',
    because: isProven ? 'every attribute equal, every forbidden act refused' : 'not every check holds',
    events,
  };
}

function dualControl({ story }: EventFinder): Found {
  const gates = gatesOf(story);
  if (gates.length === 0) return { answer: 'open', because: 'the script asks for no approval' };
  const events = gates.flatMap(({ approvals }) => approvals.map(({ seq }) => seq));
  const missing = gates.filter(({ isSealed }) => !isSealed).map(({ step }) => step);
  const because = gates.map(({ step, subject, people }) => `${subject} ${people} (step ${step})`).join(', ');
  if (missing.length > 0)
    return { answer: 'no', because: `step ${missing.join(', ')} not reached; approved by: ${because}`, events };
  return {
    answer: gates.every(({ people }) => people >= 2) ? 'yes' : 'no',
    because: `people who approved by signature before the act: ${because}`,
    events,
  };
}

function section(record: EventFinder, name: 'physicalSecurity' | 'storage'): Found {
  const ids = record.story.script?.sections[name];
  return ids ? record.sealed(ids) : { answer: 'open', because: 'the script names no such steps' };
}

function clearKey(record: EventFinder): Found {
  const found = record.attribute('CKA_ALWAYS_SENSITIVE') ?? record.attribute('CKA_SENSITIVE');
  if (found)
    return {
      answer: 'yes',
      because: 'generated and kept sensitive in the module; the program never asks for its value but to be refused',
      events: [found.seq],
    };
  return { answer: record.plans('token.readBack') ? 'no' : 'open', because: 'sensitivity was not read back' };
}

function signedByAll({ story: { sealed, events } }: EventFinder): Found {
  if (!sealed) return { answer: 'no', because: 'the transcript is not sealed' };
  const signed = sealed.signatures.filter((line) => 'signature' in line).length;
  const answer = signed === sealed.signatures.length ? 'yes' : 'no';
  return {
    answer,
    because: `${signed} of ${sealed.signatures.length} signed; prove it with "keyrite verify"`,
    events: [events.length - 1],
  };
}

function agreement({ story: { sealed, events } }: EventFinder): Found {
  if (!sealed) return { answer: 'no', because: 'the transcript is not sealed' };
  const dissents = sealed.signatures.filter((line) => 'doNotAgree' in line).map(({ seat }) => seat);
  return {
    answer: 'yes',
    because: dissents.length === 0 ? 'everybody agreed' : `${dissents.join(', ')} did not agree; reasons in the sign-off`,
    events: [events.length - 1],
  };
}
