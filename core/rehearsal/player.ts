import { success, type Failure, type Result } from '../contract/result';
import type { CeremonyView, DoForm, ExceptionView, StepView } from '../ceremony/view-model';
import type { Station } from '../station/port';

/** The people of a scripted run and what they know. All of it is practice material. */
export interface Cast {
  readonly passphrase: string;
  readonly userPin: string;
  readonly soPin: string;
  /** What an enter-twice form asks for, by the entry's name in the script, e.g. `hsmSerial`, read off the device. */
  readonly entries: Readonly<Record<string, string>>;
  /** Which of the options of a one-of form is chosen; by default the first. */
  readonly choice?: (step: StepView, options: readonly { readonly id: string }[]) => string;
  /** What is decided on an exception; by default to go on where that is allowed, else to stop. */
  readonly decide?: (exception: ExceptionView) => ExceptionView['allowed'][number];
}

export interface PlayerEvents {
  /** before each single command: what people do beside the station first */
  readonly beforeMove?: (view: CeremonyView) => Promise<void>;
  /** after each single command that was accepted */
  readonly onMove?: (view: CeremonyView) => void;
}

/** More moves than any script can need: a player that goes round in circles is a bug, not a long ceremony. */
const MAX_MOVES = 2000;

/**
 * Plays a running ceremony to its end the way careful people would: reads, does, ticks, approves, seals, signs.
 * It knows only the view, so it plays any script. Exceptions are accepted where that is allowed, else they end the ceremony.
 * @returns the last view, sealed; or the first refusal
 */
export async function play(
  station: Station,
  cast: Cast,
  { beforeMove, onMove }: PlayerEvents = {},
): Promise<Result<CeremonyView>> {
  for (let moves = 0; moves < MAX_MOVES; moves += 1) {
    const view = station.current();
    if (view === null) throw new Error('There is no ceremony to play.');
    if (view.phase === 'sealed') return success(view);
    await beforeMove?.(view);
    const moved = await move(station, cast, view);
    if (!moved.ok && isNewlyOpen(station, moved.error)) continue;
    if (!moved.ok) return moved;
    onMove?.(moved.value);
    const failed = slip(moved.value);
    if (failed) return { ok: false, error: failed };
  }
  throw new Error('The ceremony does not come to an end.');
}

/** The move was overtaken by an exception of the machine (a clock set back): that is decided first. */
function isNewlyOpen(station: Station, { code }: Failure): boolean {
  return code === 'ceremony.openException' && (station.current()?.exceptions.some(({ decision }) => decision === null) ?? false);
}

/** What went wrong at the step itself, and is no exception to decide. A program does not try it again: not a PIN, nor what needs a hand. */
function slip(view: CeremonyView): Failure | null {
  if (view.exceptions.some(({ decision }) => decision === null)) return null;
  const form = view.step?.do.form;
  return form?.kind === 'act' && form.error ? (form.error as Failure) : null;
}

type Move = Promise<Result<CeremonyView>>;

function move(station: Station, cast: Cast, view: CeremonyView): Move {
  const open = view.exceptions.find(({ decision }) => decision === null);
  if (open) return decideException(station, cast, view, open);
  if (view.loginNeeded) return station.login(bytes(view.loginNeeded.user === 'so' ? cast.soPin : cast.userPin));
  if (view.phase === 'recovery') return recover(station, view);
  if (view.phase === 'interlude') {
    const present = view.seats.filter(({ state }) => state === 'signedIn').map(({ seat }) => seat);
    return station.submit({ type: 'resume', headMatches: true, present }, null, '');
  }
  if (view.signOff) return signOff(station, cast, view.signOff);
  if (view.step === null) throw new Error('A running ceremony has a step.');
  return inStep(station, cast, view.step);
}

function inStep(station: Station, cast: Cast, step: StepView): Move {
  if (step.read.state === 'now') return station.submit({ type: 'read', step: step.id }, null, '');
  if (step.seal.state === 'now') return station.submit({ type: 'seal', step: step.id }, null, '');
  const { form } = step.do;
  switch (form.kind) {
    case 'confirm':
      return station.submit({ type: 'tick', step: step.id, item: form.items.findIndex(({ ticked }) => !ticked) }, null, '');
    case 'choose':
      return station.submit(
        { type: 'choose', step: step.id, option: cast.choice?.(step, form.options) ?? form.options[0]?.id ?? '' },
        null,
        '',
      );
    case 'enterTwice':
      return station.submit({ type: 'enter', step: step.id, value: cast.entries[form.name] ?? '' }, null, '');
    case 'compare':
      return station.submit(
        { type: 'compareRow', step: step.id, row: form.rows.find(({ state }) => state === 'now')?.n ?? 1, equal: true },
        null,
        '',
      );
    case 'attendance':
      return signIn(station, cast, form);
    case 'approve':
      return approve(station, cast, step, form);
    case 'act':
      return station.submit({ type: 'act', step: step.id }, pinFor(cast, form), form.typed ?? '');
    case 'none':
    case 'signOff':
      throw new Error(`Step ${step.id} waits for ${step.check.waitingFor} and no one can give it.`);
  }
}

function pinFor(cast: Cast, form: Extract<DoForm, { kind: 'act' }>): Uint8Array | null {
  return form.pin && !form.pin.onDevice ? bytes(form.pin.user === 'so' ? cast.soPin : cast.userPin) : null;
}

function signIn(station: Station, cast: Cast, form: Extract<DoForm, { kind: 'attendance' }>): Move {
  const next = form.seats.find(({ state }) => state === 'expected');
  return station.sign({ type: 'signIn', seat: next?.seat ?? '', officer: next?.officerId ?? '' }, bytes(cast.passphrase));
}

function approve(station: Station, cast: Cast, step: StepView, form: Extract<DoForm, { kind: 'approve' }>): Move {
  const next = form.seats.find(({ approved }) => !approved);
  const command = {
    type: 'approve',
    step: step.id,
    seat: next?.seat ?? '',
    officer: next?.officerId ?? '',
    digest: form.digest,
  } as const;
  return station.sign(command, bytes(cast.passphrase));
}

function signOff(station: Station, cast: Cast, form: NonNullable<CeremonyView['signOff']>): Move {
  const next = form.seats.find(({ state }) => state === 'waiting');
  return station.sign(
    { type: 'sign', seat: next?.seat ?? '', officer: next?.officerId ?? '', head: form.head },
    bytes(cast.passphrase),
  );
}

function recover(station: Station, view: CeremonyView): Move {
  if (view.recovery === null || view.recovery.hits === null) return station.submit({ type: 'inspect' }, null, '');
  return station.submit({ type: 'recover', choice: view.recovery.choices[0] ?? 'stop', decidedBy: twoOf(view) }, null, '');
}

function decideException(station: Station, cast: Cast, view: CeremonyView, exception: ExceptionView): Move {
  const { number, allowed } = exception;
  const decision = cast.decide?.(exception) ?? (allowed.includes('continue') ? 'continue' : 'stop');
  const mustDestroy = decision === 'stop' && view.step?.onFail === 'destroy';
  return station.submit(
    {
      type: 'decideException',
      number,
      decision,
      reason: REASONS[decision],
      effectOnKey: mustDestroy ? 'destroy' : 'none',
      decidedBy: twoOf(view),
      owner: 'CA',
    },
    null,
    '',
  );
}

const REASONS = {
  continue: 'Accepted in rehearsal.',
  repeat: 'Done once more in rehearsal.',
  stop: 'The rehearsal ends here.',
} as const;

/** Two people in two roles. */
function twoOf(view: CeremonyView): string[] {
  const first = view.deciders[0] ?? '';
  return [first, view.deciders.find((seat) => seat.slice(0, 2) !== first.slice(0, 2)) ?? ''];
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
