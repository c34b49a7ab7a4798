import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deadlineOf } from '../../../core/ceremony/deadline';
import { readScript } from '../../../core/ceremony/script-file';
import type { CeremonyState } from '../../../core/ceremony/state';
import { defaultInputs, plannedSteps, type PlannedStep } from '../../../core/ceremony/variant';
import { inRepository } from '../../../core/setup/root.mjs';

const UNTIL = '2026-11-29T10:00:00.000Z';

function planOf(id: string, leg: string): readonly PlannedStep[] {
  const reading = readScript(readFileSync(inRepository('resources', 'ceremonies', `${id}.yaml`), 'utf8'));
  if (!reading.ok) throw new Error(`${id} does not lint`);
  return plannedSteps(reading.script, { ...defaultInputs(reading.script), leg });
}

function indexOf(plan: readonly PlannedStep[], verb: string, from = 0): number {
  const index = plan.findIndex(({ step: { do: act } }, i) => i >= from && act.action === 'act' && act.verb === verb);
  if (index === -1) throw new Error(`no ${verb}`);
  return index;
}

function at(plan: readonly PlannedStep[], stepIndex: number, about: Partial<CeremonyState> = {}) {
  const state = { values: { 'set.validTo': UNTIL }, outcome: null, stepIndex, ...about } as unknown as CeremonyState;
  return deadlineOf(state, plan);
}

describe('the deadline of a set', () => {
  const both = planOf('byok', 'both');

  it('is none before there is a set, after it was used, and once the ceremony has ended', () => {
    expect(at(both, 0, { values: {} })).toBeNull();
    expect(at(both, 0, { values: { 'set.validTo': '' } })).toBeNull();
    expect(at(both, 0, { outcome: 'aborted' })).toBeNull();
  });

  it('has its last safe step hours before its end', () => {
    expect(at(both, indexOf(both, 'bundle.prepareOut'))).toEqual({
      until: UNTIL,
      lastSafe: '2026-11-29T06:00:00.000Z',
      due: 'wrap',
    });
  });

  it('is about wrapping up to the wrap, and about the import after it, on one station', () => {
    const wrap = indexOf(both, 'token.wrap');
    expect(at(both, wrap)?.due).toBe('wrap');
    expect(at(both, wrap + 1)?.due).toBe('import');
    expect(at(both, indexOf(both, 'aws.import'))?.due).toBe('import');
  });

  it('is about wrapping at the online station until the BACK bundle is in', () => {
    const online = planOf('byok', 'online');
    const back = indexOf(online, 'bundle.readBack');
    expect(at(online, back)?.due).toBe('wrap');
    expect(at(online, back + 1)?.due).toBe('import');
  });

  it('is about the import at the offline station as soon as it has wrapped', () => {
    const offline = planOf('byok', 'offline');
    const wrap = indexOf(offline, 'token.wrap');
    expect(at(offline, wrap)?.due).toBe('wrap');
    expect(at(offline, wrap + 1)?.due).toBe('import');
  });

  it('is about wrapping again in the second round, for the replicas', () => {
    const plan = planOf('byok-multi-region', 'both');
    const second = indexOf(plan, 'aws.parameters', indexOf(plan, 'aws.replicate'));
    expect(at(plan, second)?.due).toBe('wrap');
    expect(at(plan, indexOf(plan, 'token.wrap', second) + 1)?.due).toBe('import');
  });
});
