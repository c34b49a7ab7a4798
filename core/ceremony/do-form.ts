import { fingerprintRows } from '../evidence/words';
import type { ShowBlock } from '../keys/evidence';
import { filled } from './current-step';
import { seatLines } from './seat-lines';
import type { Script, Step } from './script';
import type { CeremonyState } from './state';
import { SUBJECT_ACTS, type Subject } from './subjects';
import { roleOf, seatsOf } from './variant';
import { verbFacts, type VerbName } from './verbs';
import type { DoForm } from './view-model';

/** What the DO beat of the current step asks for, with what has been given so far. `running`: what the act under way says of its way. */
export function doForm(script: Script, step: Step, state: CeremonyState, running = ''): DoForm {
  const { progress } = state;
  if (state.mustDestroy) return actForm(step, state, 'token.destroy', running);
  switch (step.do.action) {
    case 'listen':
      return { kind: 'none' };
    case 'attendance':
      return { kind: 'attendance', seats: seatLines(script, state) };
    case 'confirm':
      return {
        kind: 'confirm',
        items: step.do.items.map((item, i) => ({ text: filled(item, state), ticked: progress.ticks.includes(i) })),
      };
    case 'choose':
      return {
        kind: 'choose',
        options: Object.entries(step.do.options).map(([id, { title }]) => ({ id, title: filled(title, state) })),
        chosen: progress.chosen,
      };
    case 'enterTwice':
      return enterForm(step.do, step.seat, state);
    case 'compare':
      return compareForm(step.do, state);
    case 'approve':
      return approveForm(script, step.do, state);
    case 'act':
      return actForm(step, state, step.do.verb, running);
    case 'signOff':
      return { kind: 'signOff' };
  }
}

type Do<A extends Step['do']['action']> = Extract<Step['do'], { action: A }>;

/** The first entry is not shown again: the second must be made from the object, not from the screen. */
function enterForm({ name, title, hint, second }: Do<'enterTwice'>, first: string, state: CeremonyState): DoForm {
  const { progress } = state;
  const made = progress.entries.length === 2 ? 2 : progress.entries.length === 1 ? 1 : 0;
  return {
    kind: 'enterTwice',
    name,
    title: filled(title, state),
    hint,
    seat: made === 0 ? first : second,
    entriesMade: made,
    differed: progress.entriesDiffered && made === 0,
    value: made === 2 ? (progress.entries[1] ?? null) : null,
  };
}

function compareForm({ value, title, reader, checker }: Do<'compare'>, state: CeremonyState): DoForm {
  const { rows } = state.progress;
  const next = Object.keys(rows).length + 1;
  const digest = state.values[value] ?? '';
  return {
    kind: 'compare',
    title,
    reader,
    checker,
    rows: fingerprintRows(digest).map((row) => {
      const equal = rows[row.n];
      return { ...row, state: equal === undefined ? (row.n === next ? 'now' : 'waiting') : equal ? 'matched' : 'differs' };
    }),
  };
}

function approveForm(script: Script, { gate, subject }: Do<'approve'>, state: CeremonyState): DoForm {
  const rule = script.approvals[gate];
  const digest = state.values[`${subject}.digest`] ?? '';
  const seats = (rule?.of ?? []).flatMap((role) => seatsOf(script, role));
  return {
    kind: 'approve',
    gate,
    digest,
    rows: fingerprintRows(digest),
    subject: subject === 'plan' ? planBlocks(script, state) : writtenBlocks(subject, state),
    needed: rule?.quorum ?? 0,
    seats: state.participants
      .filter(({ seat }) => seats.includes(seat))
      .map(({ seat, officer, name }) => ({ seat, officerId: officer, name, approved: state.progress.approvedBy.includes(seat) })),
  };
}

/** The blocks of the act that wrote the subject out. */
function writtenBlocks(subject: Exclude<Subject, 'plan'>, state: CeremonyState): readonly ShowBlock[] {
  return SUBJECT_ACTS[subject].map((act) => state.shown[act]).find((blocks) => blocks !== undefined) ?? [];
}

/** Everything event 0 binds, in plain rows. */
function planBlocks(script: Script, state: CeremonyState): ShowBlock[] {
  const { data } = state.genesis;
  return [
    {
      kind: 'facts',
      title: 'Plan',
      rows: [
        { name: 'Ceremony', value: `${data.script.title} (${data.ceremonyId})` },
        { name: 'Run mode', value: data.runMode },
        { name: 'Station', value: `${data.station.id}, ${data.station.kind}` },
        ...(data.token.modulePath === ''
          ? []
          : [
              { name: 'Token', value: `${data.token.serial || 'blank'} ${data.token.label}`.trim(), mono: true },
              { name: 'Module', value: data.token.modulePath, mono: true },
            ]),
        { name: 'Script SHA-256', value: data.script.sha256, mono: true },
        ...Object.entries(data.inputs).map(([name, value]) => ({
          name: script.inputs[name]?.title ?? name,
          value: script.inputs[name]?.options?.[value] ?? value,
        })),
      ],
    },
    {
      kind: 'table',
      title: 'Participants',
      columns: ['Seat', 'Role', 'Name', 'Officer'],
      rows: data.participants.map(({ seat, name, officer }) => [seat, script.roles[roleOf(seat)]?.title ?? '', name, officer]),
      empty: 'Nobody',
    },
  ];
}

function actForm(step: Step, state: CeremonyState, verb: VerbName, progress: string): DoForm {
  const { title, pin, erases, medium } = verbFacts(verb);
  const result = state.progress.result;
  return {
    kind: 'act',
    verb,
    title,
    pin: pin && { ...pin, seat: step.seat, onDevice: state.token.pinOnDevice },
    typed: erases ? eraseWord(state) : null,
    medium,
    done: !state.mustDestroy && result?.ok === true,
    running: state.pending?.live === true,
    progress: state.pending?.live === true ? progress : '',
    error: !state.mustDestroy && state.phase === 'running' && result?.ok === false ? result.error : null,
  };
}

/** What must be typed before a token is erased: its serial; a blank token has none. */
export function eraseWord(state: CeremonyState): string {
  return state.token.serial === '' ? 'ERASE' : state.token.serial;
}
