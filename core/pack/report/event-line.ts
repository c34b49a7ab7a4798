import type { CeremonyEvent } from '../../ceremony/events';
import { isVerb, verbFacts } from '../../ceremony/verbs';
import { shortWords } from '../../evidence/words';
import type { RecordLine } from './record-line';

/** An event as one line for people; null for those the report draws in a place of their own. */
export function lineOf(event: CeremonyEvent): RecordLine | null {
  const text = textOf(event);
  if (text === null) return null;
  const isAlarming =
    event.type === 'alarm' ||
    event.type === 'aborted' ||
    event.type === 'exceptionOpened' ||
    (event.type === 'result' && !event.data.ok);
  return { seq: event.seq, at: event.at, who: `${event.role} ${event.actor}`.trim(), text, isAlarming };
}

function textOf(event: CeremonyEvent): string | null {
  switch (event.type) {
    case 'opened':
    case 'sealed':
    case 'read':
    case 'compared':
    case 'stepSealed':
      return null;
    case 'reopened':
      return `The program was started again (${event.data.tool.name} ${event.data.tool.version}, build ${event.data.tool.build})`;
    case 'signedIn':
      return `Signed in to seat ${event.data.seat} with officer credential ${event.data.officer}`;
    case 'ticked':
      return `Confirmed: ${event.data.text}`;
    case 'chosen':
      return `Chose: ${event.data.title}`;
    case 'entered':
      return `Entered ${event.data.name}, entry ${event.data.entry}: ${event.data.value}`;
    case 'approved':
      return `Approved "${event.data.gate}" with officer credential ${event.data.officer}; subject ${shortWords(event.data.digest)} (${event.data.digest.slice(0, 16)}…)`;
    case 'intent':
      return `Began: ${titleOf(event.data.operation)}, attempt ${event.data.attempt}`;
    case 'result':
      return resultText(event.data);
    case 'exceptionOpened':
      return `Exception ${event.data.number} (${event.data.severity}): expected ${event.data.expected}; happened: ${event.data.happened}`;
    case 'exceptionDecided':
      return `Exception ${event.data.number} decided by ${event.data.decidedBy.join(' and ')}: ${event.data.decision}`;
    case 'paused':
      return `Interlude: ${event.data.reason}. Planned for ${event.data.minutes} min. Head on paper: ${shortWords(event.hash)}`;
    case 'resumed':
      return `Resumed with ${event.data.present.join(', ')}; head and inventory as they were left`;
    case 'inspected':
      return `Looked on the token for ${event.data.ckaId || 'traces'} after ${titleOf(event.data.operation)} was interrupted: ${event.data.hits} found`;
    case 'recovered':
      return `Recovery of ${titleOf(event.data.operation)} decided by ${event.data.decidedBy.join(' and ')}: ${event.data.choice}`;
    case 'alarm':
      return `Alarm: ${event.data.text} (${event.data.code})`;
    case 'aborted':
      return `Aborted by ${event.data.decidedBy.join(' and ') || 'the administrator'}: ${event.data.reason}`;
    case 'signOffOpened':
      return `Opened the sign-off; outcome ${event.data.outcome}; head ${shortWords(event.hash)}`;
  }
}

function resultText({ operation, ok, tookMs, error }: Extract<CeremonyEvent, { type: 'result' }>['data']): string {
  const title = titleOf(operation);
  return ok ? `Done: ${title} (${tookMs} ms)` : `FAILED: ${title} after ${tookMs} ms: ${error?.code ?? 'no reason given'}`;
}

export function titleOf(operation: string): string {
  return isVerb(operation) ? verbFacts(operation).title : operation;
}
