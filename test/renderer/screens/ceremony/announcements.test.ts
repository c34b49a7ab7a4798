import { expect, test } from 'vitest';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { changeSaid } from '../../../../renderer/screens/ceremony/announcements';
import * as steps from '../../fixtures/steps';
import { viewAt, VIEWS } from '../../fixtures/views';

const named = (name: string): CeremonyView => VIEWS[name] ?? viewAt(null);

test('a new step is said with the one that was sealed', () => {
  expect(changeSaid(viewAt(steps.generate), viewAt(steps.sealing))).toBe(
    'Step 3.3 is sealed. Now step 3.4, Read back every attribute.',
  );
});

test('the machine’s verdict is said as a number of checks, and a failure as a failure', () => {
  const before = { ...steps.sealing, check: { ...steps.sealing.check, checks: [] } };
  expect(changeSaid(viewAt(before), viewAt(steps.sealing))).toBe('2 machine checks: all as wanted');
  expect(changeSaid(viewAt(before), viewAt(steps.failing))).toBe('1 of 1 machine checks do NOT fit');
});

test('each matched row is said', () => {
  const form = steps.compare.do.form;
  if (form.kind !== 'compare') throw new Error('not a compare form');
  const rows = form.rows.map((row) => ({ ...row, state: row.n < 7 ? ('matched' as const) : row.state }));
  const after = { ...steps.compare, do: { ...steps.compare.do, form: { ...form, rows } } };
  expect(changeSaid(viewAt(steps.compare), viewAt(after))).toBe('6 of 8 rows matched');
});

test('an interlude, a recovery and a seal are said as what they are', () => {
  expect(changeSaid(named('compare'), named('interlude'))).toBe('Paused');
  expect(changeSaid(named('generate'), named('recovery'))).toBe('Recovery');
  expect(changeSaid(named('signOff'), named('sealed'))).toBe('Sealed');
});

test('nothing is said where nothing has changed for the ear', () => {
  expect(changeSaid(named('compare'), named('compare'))).toBeNull();
});
