import type { CeremonyEvent, EventData } from '../../ceremony/events';
import { filled } from '../../ceremony/current-step';
import { evolve } from '../../ceremony/evolve';
import type { Script, Step } from '../../ceremony/script';
import type { CeremonyState } from '../../ceremony/state';
import { plannedSteps } from '../../ceremony/variant';
import type { ArtefactReference } from '../../evidence/artefact-name';
import type { Check, ShowBlock } from '../../keys/evidence';
import { ComparedRows } from './compared-rows';
import { lineOf } from './event-line';
import type { RecordLine } from './record-line';

/** Everything that happened in one step, under the beats of the screen. */
export interface StepStory {
  readonly id: string;
  readonly title: string;
  readonly act: string;
  readonly seat: string;
  readonly minutes: number;
  /** '' where the ceremony ended before this step */
  readonly begunAt: string;
  readonly endedAt: string;
  /** the words as they were read, with their places filled; '' where there are none */
  readonly words: string;
  readonly readBy: string;
  readonly lines: readonly RecordLine[];
  readonly blocks: readonly ShowBlock[];
  readonly checks: readonly Check[];
  readonly artefacts: readonly ArtefactReference[];
  readonly exceptions: readonly number[];
  /** the event that sealed it and the head after it, or null */
  readonly seal: { readonly seq: number; readonly at: string; readonly head: string } | null;
}

export interface ExceptionStory {
  readonly seq: number;
  readonly at: string;
  readonly step: string;
  readonly opened: EventData<'exceptionOpened'>;
  readonly decided: (EventData<'exceptionDecided'> & { readonly seq: number; readonly at: string }) | null;
}

export interface Interlude {
  readonly from: string;
  /** '' where it never ended */
  readonly to: string;
  readonly step: string;
  readonly reason: string;
  readonly head: string;
}

/** The transcript told once, for every part of the report to draw from. */
export interface Story {
  readonly opened: EventData<'opened'>;
  readonly genesis: string;
  readonly openedAt: string;
  readonly endedAt: string;
  readonly events: readonly CeremonyEvent[];
  readonly steps: readonly StepStory[];
  /** what belongs to no step: restarts, alarms */
  readonly between: readonly RecordLine[];
  readonly exceptions: readonly ExceptionStory[];
  readonly interludes: readonly Interlude[];
  readonly sealed: EventData<'sealed'> | null;
  readonly script: Script | null;
}

interface Draft {
  step: Step | null;
  story: { -readonly [K in keyof StepStory]: StepStory[K] };
  lines: RecordLine[];
  rows: ComparedRows;
}

/** Tells the story of a transcript. Without a script (one that is not understood any more) the steps are those the events name. */
export function tellStory(events: readonly CeremonyEvent[], script: Script | null): Story {
  const first = events[0];
  if (first?.type !== 'opened') throw new RangeError('A transcript begins with its opening.');
  const drafts = new Map<string, Draft>();
  for (const { step, act } of script ? plannedSteps(script, first.data.inputs) : []) {
    drafts.set(step.id, newDraft(step.id, step, script?.acts[act]?.title ?? ''));
  }
  const between: RecordLine[] = [];
  let signOff: Draft | null = null;
  let state: CeremonyState | null = null;
  let boundary = first.at;
  for (const event of events) {
    if (script) state = evolve(state, event);
    if (event.step === '') {
      const line = lineOf(event);
      if (line) between.push(line);
      if (event.type === 'sealed' && signOff) signOff.story.seal = { seq: event.seq, at: event.at, head: event.data.head };
      continue;
    }
    const draft = drafts.get(event.step) ?? newDraft(event.step, null, '');
    drafts.set(event.step, draft);
    if (draft.story.begunAt === '') draft.story.begunAt = boundary;
    record(draft, event, state);
    if (event.type === 'stepSealed') boundary = event.at;
    // the step that signs off is sealed together with the transcript; an abort leaves its step unsealed
    if (event.type === 'signOffOpened') signOff = event.data.outcome === 'completed' ? draft : null;
  }
  return {
    opened: first.data,
    genesis: first.hash,
    openedAt: first.at,
    endedAt: events.at(-1)?.at ?? first.at,
    events,
    steps: [...drafts.values()].map(finish),
    between,
    exceptions: exceptionsOf(events),
    interludes: interludesOf(events),
    sealed: events.find((event) => event.type === 'sealed')?.data ?? null,
    script,
  };
}

function newDraft(id: string, step: Step | null, act: string): Draft {
  const story = {
    id,
    title: step?.title ?? '',
    act,
    seat: step?.seat ?? '',
    minutes: step?.minutes ?? 0,
    begunAt: '',
    endedAt: '',
    words: step?.read ?? '',
    readBy: '',
    lines: [],
    blocks: [],
    checks: [],
    artefacts: [],
    exceptions: [],
    seal: null,
  };
  return { step, story, lines: [], rows: new ComparedRows() };
}

function record(draft: Draft, event: CeremonyEvent, state: CeremonyState | null): void {
  const { story } = draft;
  story.endedAt = event.at;
  const settled = draft.rows.take(event);
  if (settled) addRows(draft, settled);
  switch (event.type) {
    case 'read':
      setReader(draft, event, state);
      return;
    case 'compared':
      return;
    case 'stepSealed':
      story.seal = { seq: event.seq, at: event.at, head: event.hash };
      return;
    case 'result':
      story.blocks = [...story.blocks, ...event.data.show];
      story.checks = [...story.checks, ...event.data.checks];
      story.artefacts = [...story.artefacts, ...event.data.artefacts];
      break;
    case 'signOffOpened':
      // reading the head aloud is what opens a completed ceremony's sign-off
      if (event.data.outcome === 'completed' && story.readBy === '') setReader(draft, event, state);
      break;
    case 'exceptionOpened':
      story.exceptions = [...story.exceptions, event.data.number];
      break;
    default:
  }
  const line = lineOf(event);
  if (line) draft.lines.push(line);
}

function setReader({ story, step }: Draft, { role, actor, at, seq }: CeremonyEvent, state: CeremonyState | null): void {
  story.readBy = `${role} ${actor}, ${at.slice(11, 19)} UTC, event ${seq}`;
  if (state && step?.read !== undefined) story.words = filled(step.read, state);
}

function addRows(draft: Draft, { line, block }: { line: RecordLine; block: ShowBlock }): void {
  draft.lines.push(line);
  draft.story.blocks = [...draft.story.blocks, block];
}

function finish(draft: Draft): StepStory {
  const settled = draft.rows.settle();
  if (settled) addRows(draft, settled);
  return { ...draft.story, lines: draft.lines };
}

function exceptionsOf(events: readonly CeremonyEvent[]): ExceptionStory[] {
  const decisions = new Map<number, NonNullable<ExceptionStory['decided']>>();
  for (const event of events)
    if (event.type === 'exceptionDecided') decisions.set(event.data.number, { ...event.data, seq: event.seq, at: event.at });
  return events
    .filter((event) => event.type === 'exceptionOpened')
    .map(({ seq, at, step, data }) => ({ seq, at, step, opened: data, decided: decisions.get(data.number) ?? null }));
}

function interludesOf(events: readonly CeremonyEvent[]): Interlude[] {
  const found: { -readonly [K in keyof Interlude]: Interlude[K] }[] = [];
  for (const event of events) {
    const open = found.at(-1);
    if (event.type === 'paused')
      found.push({ from: event.at, to: '', step: event.step, reason: event.data.reason, head: event.hash });
    if (event.type === 'resumed' && open) open.to = event.at;
  }
  return found;
}
