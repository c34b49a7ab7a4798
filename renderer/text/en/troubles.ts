import type { DECISIONS, EFFECTS_ON_KEY, SEVERITIES } from '../../../core/ceremony/command';
import { recoveryLooks } from './recovery';

type Severity = (typeof SEVERITIES)[number];
type Decision = (typeof DECISIONS)[number];
type Effect = (typeof EFFECTS_ON_KEY)[number];

const severities: Readonly<Record<Severity, string>> = {
  cosmetic: 'Cosmetic',
  procedural: 'Procedural',
  security: 'Security',
  fatal: 'Fatal',
};
const severityHints: Readonly<Record<Severity, string>> = {
  cosmetic: 'a slip of the tongue, a typing error on paper',
  procedural: 'a step went another way than written',
  security: 'somebody or something was where it should not be',
  fatal: 'the key cannot be trusted',
};
const decisions: Readonly<Record<Decision, string>> = {
  continue: 'Go on',
  repeat: 'Do the step again',
  stop: 'Stop the ceremony',
};
const effects: Readonly<Record<Effect, string>> = { none: 'None', redo: 'Make it again', destroy: 'Destroy it' };

/** Exceptions, breaks, recovery, stopping: words for when it does not go as written. */
export const troubleText = {
  severities,
  severityHints,
  decisions,
  effects,
  capture: {
    title: 'Record an exception',
    hint: 'No ceremony is without exceptions. Written down, they are fine.',
    quick: 'What is it?',
    other: 'Something else',
    kinds: [
      {
        title: 'Somebody left or came in',
        severity: 'procedural',
        expected: 'The people signed in stay in the room.',
        happened: 'Somebody left or entered the room.',
      },
      {
        title: 'Words were read differently',
        severity: 'cosmetic',
        expected: 'The text is read as written.',
        happened: 'Other words were read, then corrected.',
      },
      {
        title: 'Bag or serial does not fit',
        severity: 'security',
        expected: 'Bag and serial numbers are those of the last record.',
        happened: 'A number differs, or a bag is torn.',
      },
      {
        title: 'Device trouble',
        severity: 'procedural',
        expected: 'The device works as written.',
        happened: 'A device failed or had to be reconnected.',
      },
    ] as readonly { readonly title: string; readonly severity: Severity; readonly expected: string; readonly happened: string }[],
    severity: 'How serious is it?',
    expected: 'What was expected',
    happened: 'What happened',
    record: 'Record the exception',
    recorded: 'The exception is recorded.',
  },
  list: {
    title: (number: number, step: string) => `Exception ${String(number)} at step ${step}`,
    decide: 'Decide',
    decideOne: (number: number) => `Decide exception ${String(number)}`,
    waiting: 'waits for a decision',
    decided: (by: string, what: string) => `${what}, decided by ${by}`,
    source: { machine: 'found by the machine', person: 'raised by a person' },
  },
  decide: {
    title: (number: number) => `Decide exception ${String(number)}`,
    decision: 'Decision',
    reason: 'Reason',
    effect: 'Effect on the key',
    by: 'Decided by',
    byHint: 'At least two seats decide together.',
    owner: 'Who follows it up',
    record: 'Record the decision',
    twoNeeded: 'Tick at least two seats.',
  },
  pause: {
    title: 'Interlude',
    hint: 'The token is logged out. Bag the cards, write down the head, stay in view of the witness.',
    reason: 'Reason',
    reasons: ['Lunch', 'Fetching a person or a part', 'Waiting for a decision'],
    minutes: 'About how many minutes',
    record: 'Pause now',
    badMinutes: 'A whole number of minutes, at least 1.',
  },
  resume: {
    title: 'The ceremony is paused',
    since: 'since',
    about: (minutes: number) => `for about ${String(minutes)} min`,
    head: 'Tick each row that is the same on paper: the head as it was left',
    present: 'Who is back in the room',
    all: 'Everybody who signed in has to be back.',
    record: 'Resume',
    differs: 'The head differs',
    differsHint: 'Say so: resuming is refused and an exception is recorded.',
  },
  recovery: {
    title: 'An act was begun and its result is not known',
    operation: 'Act',
    ckaId: 'CKA_ID',
    choices: { adopt: 'Adopt what is there', redo: 'Do the act again', stop: 'Stop the ceremony' },
    choiceHints: {
      adopt: 'The key is kept; every check is still made. An exception is recorded.',
      stop: 'The partial record is sealed. The key must not be used.',
    },
    looks: recoveryLooks,
    by: 'Decided by',
  },
  login: {
    title: 'The token has to be logged in to again',
    hint: 'After a break or a restart it is logged out.',
    button: 'Log in to the token',
  },
  halt: {
    title: 'The record cannot be written',
    retry: 'Try again',
    hint: 'Nothing is lost, and nothing goes on until it can be written.',
  },
  abort: {
    title: 'Stop the ceremony for good',
    hint: 'The partial record is signed and sealed. It cannot be continued.',
    reason: 'Reason',
    by: 'Decided by',
    record: 'Stop the ceremony',
  },
  code: {
    label: (code: string) => `Type ${code} to confirm`,
    hint: 'Capital or small letters, no difference.',
  },
  dwell: (label: string, seconds: number) => `${label} (wait ${String(seconds)} s)`,
};
