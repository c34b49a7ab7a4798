import { useEffect, useRef } from 'react';
import type { CeremonyView, StepView } from '../../../core/ceremony/view-model';
import { announce } from '../../announce';
import { text } from '../../text/text';

function formSaid(before: StepView, now: StepView): string | null {
  const form = now.do.form;
  if (form.kind === 'compare' && before.do.form.kind === 'compare') {
    const count = (rows: typeof form.rows): number => rows.filter((row) => row.state === 'matched').length;
    return count(form.rows) === count(before.do.form.rows) ? null : text.beat.matchedOf(count(form.rows), form.rows.length);
  }
  if (form.kind === 'approve' && before.do.form.kind === 'approve') {
    const done = form.seats.filter((seat) => seat.approved).length;
    return done === before.do.form.seats.filter((seat) => seat.approved).length
      ? null
      : text.beat.approveNeeded(done, form.needed);
  }
  return null;
}

function checksSaid(before: StepView, now: StepView): string | null {
  if (now.check.checks.length === 0 || before.check.checks.length === now.check.checks.length) return null;
  return checkSummary(now);
}

/** All equal, or how many do not fit. */
export function checkSummary({ check: { checks } }: StepView): string {
  const bad = checks.filter((check) => !check.ok).length;
  return bad === 0 ? text.beat.checkOk(checks.length) : text.beat.checkFails(bad, checks.length);
}

/** What somebody who does not see the screen has to hear of this change, or null. */
export function changeSaid(before: CeremonyView, now: CeremonyView): string | null {
  if (before.phase !== now.phase) return text.stage.phases[now.phase];
  if (now.exceptions.length > before.exceptions.length) return text.trouble.capture.recorded;
  if (now.step === null || before.step === null) return null;
  if (before.step.id !== now.step.id)
    return `${text.stage.stepSealed(before.step.id)} ${text.stage.nowAt(now.step.id, now.step.title)}`;
  return checksSaid(before.step, now.step) ?? formSaid(before.step, now.step);
}

export function useAnnouncements(view: CeremonyView): void {
  const last = useRef(view);
  useEffect(() => {
    const said = last.current === view ? null : changeSaid(last.current, view);
    last.current = view;
    if (said !== null) announce(said);
  }, [view]);
}
