import { useEffect, useRef, type RefObject } from 'react';
import type { BeatState, CeremonyView, StepView } from '../../../core/ceremony/view-model';
import { DIALOG_CLOSED } from '../../parts/form-dialog';
import { isTextField } from '../../shell/key-repeat';

const NEXT = '[data-next]:not([disabled]):not([aria-disabled="true"]):not([data-danger])';

/** Changes whenever the ceremony has moved on, be it by a single tick. */
function progressOf(view: CeremonyView): string {
  const { step } = view;
  const signOff = view.signOff?.seats.map((seat) => seat.state) ?? [];
  if (step === null) return JSON.stringify([view.phase, signOff]);
  const beats: readonly BeatState[] = [step.read.state, step.do.state, step.show.state, step.check.state, step.seal.state];
  return JSON.stringify([
    view.phase,
    step.id,
    beats,
    formProgress(step),
    signOff,
    view.loginNeeded,
    view.exceptions.map((each) => each.decision === null),
  ]);
}

function formProgress({ do: { form } }: StepView): unknown {
  switch (form.kind) {
    case 'confirm':
      return form.items.map((item) => item.ticked);
    case 'compare':
      return form.rows.map((row) => row.state);
    case 'attendance':
      return form.seats.map((seat) => seat.state);
    case 'approve':
      return form.seats.map((seat) => seat.approved);
    case 'enterTwice':
      return form.entriesMade;
    case 'choose':
      return form.chosen;
    case 'act':
      return [form.done, form.running];
    case 'none':
    case 'signOff':
      return null;
  }
}

/** What had focus is gone, and keys would go nowhere. */
function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function moveFocus(stage: HTMLElement): void {
  const active = document.activeElement;
  const isElsewhere = document.querySelector('[role="dialog"]') !== null;
  const isTyping = isTextField(active) && active instanceof HTMLInputElement && active.value !== '';
  if (isElsewhere || isTyping) return;
  const next = stage.querySelector<HTMLElement>(NEXT) ?? stage.querySelector<HTMLElement>('[data-now]');
  next?.focus({ preventScroll: true });
  scrollToWhatCounts(stage, next);
}

/** To the control that comes next; but before a step is sealed, to the top of what it has shown (the seal is pinned in reach). */
function scrollToWhatCounts(stage: HTMLElement, next: HTMLElement | null): void {
  if (next === null) return;
  const isSealing = next.closest('[data-beat="5"]') !== null;
  const shown = stage.querySelector('[data-beat="3"][data-state="done"]') ?? stage.querySelector('[data-beat="2"]');
  if (isSealing) shown?.scrollIntoView({ block: 'start' });
  else next.scrollIntoView({ block: 'nearest' });
}

/** After each move of the ceremony, focus goes to the control that comes next; never to one that cannot be undone. */
export function useStageFocus(stage: RefObject<HTMLElement | null>, view: CeremonyView): void {
  const progress = progressOf(view);
  const last = useRef('');
  useEffect(() => {
    if (stage.current === null) return;
    const hasMoved = last.current !== progress;
    last.current = progress;
    if (hasMoved || isFocusLost()) moveFocus(stage.current);
  }, [progress, stage, view]);
  useEffect(() => {
    const onClosed = (): void => {
      if (isFocusLost() && stage.current !== null) moveFocus(stage.current);
    };
    document.addEventListener(DIALOG_CLOSED, onClosed);
    return () => document.removeEventListener(DIALOG_CLOSED, onClosed);
  }, [stage]);
}
