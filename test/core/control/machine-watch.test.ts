import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { MachineEvent } from '../../../core/contract/machine-event';
import { MachineWatch, readMachine, type MachineReading } from '../../../core/control/machine-watch';

const START = Date.parse('2026-11-22T10:00:00.000Z');
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();

/** A machine whose clocks and addresses are moved by hand, looked at once a second. */
function machine() {
  let now: MachineReading = { wall: START, steady: 5_000, addresses: ['192.0.2.1'] };
  const events: MachineEvent[] = [];
  const parts = {
    onEvent: (event: MachineEvent) => void events.push(event),
    toleranceMs: 5_000,
    everyMs: 1_000,
    read: () => now,
  };
  const watch = new MachineWatch(parts);
  return {
    watch,
    events,
    /** both clocks go on, or one more than the other */
    pass: (wallMs: number, steadyMs = wallMs) => {
      now = { ...now, wall: now.wall + wallMs, steady: now.steady + steadyMs };
    },
    have: (addresses: readonly string[] | null) => {
      now = { ...now, addresses };
    },
  };
}

describe('the watch over a machine', () => {
  it('says nothing of seconds that pass, of a busy machine, and of a clock that is kept right', () => {
    const { watch, events, pass } = machine();
    for (const [wall, steady] of [[1_000], [1_000], [5_900], [1_400, 1_000], [600, 1_000], [5_500, 1_000]] as const) {
      pass(wall, steady);
      watch.look();
    }
    expect(events).toEqual([]);
  });

  it('tells a sleep that the system announced, whichever clock went on meanwhile and whoever notices first', () => {
    for (const steadyMs of [300, 3_600_000]) {
      for (const isLookFirst of [true, false]) {
        const { watch, events, pass } = machine();
        watch.sleeps();
        pass(1_000);
        watch.look();
        pass(3_600_000, steadyMs);
        if (isLookFirst) watch.look();
        watch.woke();
        pass(1_000);
        watch.look();
        expect(events).toEqual([{ what: 'stoodStill', from: at(0), at: at(3_601) }]);
      }
    }
  });

  it('tells a machine that stood still without a word', () => {
    const { watch, events, pass } = machine();
    pass(60_000);
    watch.look();
    expect(events).toEqual([{ what: 'stoodStill', from: at(0), at: at(60) }]);
  });

  it('tells a clock that was set, forward or back, also while the machine stood still', () => {
    const { watch, events, pass } = machine();
    pass(601_000, 1_000);
    watch.look();
    pass(-599_000, 1_000);
    watch.look();
    expect(events).toEqual([
      { what: 'clockSet', at: at(601), byMs: 600_000 },
      { what: 'clockSet', at: at(2), byMs: -600_000 },
    ]);
    events.length = 0;
    pass(-540_000, 60_000);
    watch.look();
    expect(events).toEqual([
      { what: 'stoodStill', from: at(-598), at: at(-538) },
      { what: 'clockSet', at: at(-538), byMs: -600_000 },
    ]);
  });

  it('does not take a clock that was set before the machine slept for the sleep', () => {
    const { watch, events, pass } = machine();
    pass(600_500, 500);
    watch.sleeps();
    expect(events).toEqual([{ what: 'clockSet', at: at(600.5), byMs: 600_000 }]);
  });

  it('tells addresses that went and came, and nothing where the system does not say', () => {
    const { watch, events, have } = machine();
    have(['192.0.2.2', '2001:db8::7']);
    watch.look();
    have(null);
    watch.look();
    have(['192.0.2.9']);
    watch.look();
    expect(events).toEqual([{ what: 'addresses', at: at(0), gone: ['192.0.2.1'], come: ['192.0.2.2', '2001:db8::7'] }]);
  });

  it('reads addresses of this machine, and none that only itself can reach', () => {
    const { addresses, wall } = readMachine();
    const here = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
    expect(Math.abs(wall - Date.now())).toBeLessThan(60_000);
    expect(here).toEqual(expect.arrayContaining([...(addresses ?? [])]));
    expect(addresses).not.toContain('127.0.0.1');
  });
});
