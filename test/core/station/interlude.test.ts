import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { play } from '../../../core/rehearsal/player';
import type { Station } from '../../../core/station/port';
import { CAST, decision, playTo, stage, value, type Stage } from './stage';

let s: Stage;
beforeEach(async () => {
  s = await stage();
});
afterEach(() => s.done());

const bytes = (text: string) => new TextEncoder().encode(text);

async function started(): Promise<Station> {
  value(await s.station.start(s.request));
  return s.station;
}

describe('an interlude', () => {
  it('logs out, notes head and inventory, and goes on only when head, people and inventory are as before', async () => {
    await started();
    await playTo(s.station, '3.1');
    let view = value(await s.station.submit({ type: 'pause', reason: 'Lunch', minutes: 45 }, null, ''));
    expect(view).toMatchObject({
      phase: 'interlude',
      pause: { reason: 'Lunch' },
      token: { loggedIn: null },
      loginNeeded: { user: 'user', seat: 'CO1' },
    });
    const seats = ['CA', 'IW', 'SO', 'CO1', 'CO2'];
    const resume = (headMatches: boolean, present: string[]) =>
      s.station.submit({ type: 'resume', headMatches, present }, null, '');
    expect(await s.station.submit({ type: 'read', step: '3.1' }, null, '')).toMatchObject({ error: { code: 'ceremony.paused' } });
    expect(await resume(true, seats)).toMatchObject({ error: { code: 'token.notLoggedIn' } });
    value(await s.station.login(bytes('10203040')));
    expect(await resume(true, ['CA'])).toMatchObject({ error: { code: 'ceremony.roleUnfilled' } });
    s.memory.objects.push({ class: 'secret', ckaId: 'ff', label: 'foreign', keyType: 'AES' });
    view = value(await resume(true, seats));
    expect(view).toMatchObject({ phase: 'interlude', exceptions: [{ severity: 'security', source: 'machine' }] });
    s.memory.objects.pop();
    value(await s.station.submit(decision(1, 'continue', 'It was ours.'), null, ''));
    expect(value(await resume(true, seats)).phase).toBe('running');
    expect(value(await play(s.station, CAST)).outcome).toBe('completed');
  });

  it('does not end when the head on paper differs', async () => {
    await started();
    await playTo(s.station, '1.4');
    value(await s.station.submit({ type: 'pause', reason: 'Night', minutes: 600 }, null, ''));
    const view = value(
      await s.station.submit({ type: 'resume', headMatches: false, present: ['CA', 'IW', 'SO', 'CO1', 'CO2'] }, null, ''),
    );
    expect(view.exceptions).toMatchObject([{ severity: 'fatal', allowed: ['stop'] }]);
  });
});

describe('there is always a way out', () => {
  it('before everybody has signed in', async () => {
    await started();
    value(await s.station.submit({ type: 'raiseException', severity: 'procedural', expected: 'x', happened: 'y' }, null, ''));
    value(await s.station.submit({ type: 'abort', reason: 'Nobody came.', decidedBy: ['CA', 'IW'] }, null, ''));
    expect(value(await play(s.station, CAST)).outcome).toBe('aborted');
  });

  it('from a break at every step, whoever is logged in', { timeout: 60_000 }, async () => {
    await started();
    const seen = new Set<string>();
    const present = ['CA', 'IW', 'SO', 'CO1', 'CO2'];
    for (
      let view = s.station.current();
      view && view.phase === 'running' && view.step?.do.form.kind !== 'signOff';
      view = s.station.current()
    ) {
      const id = view.step?.id ?? '';
      if (!seen.has(id) && view.seats.every(({ state }) => state === 'signedIn')) {
        seen.add(id);
        value(await s.station.submit({ type: 'pause', reason: 'Air', minutes: 5 }, null, ''));
        if (s.station.current()?.loginNeeded) value(await s.station.login(bytes('10203040')));
        value(await s.station.submit({ type: 'resume', headMatches: true, present }, null, ''));
      }
      await playOne(s.station);
    }
    expect(seen.size).toBeGreaterThan(24);
  });
});

/** One single move of the player. */
async function playOne(station: Station): Promise<void> {
  const moved = new Error('moved');
  await play(station, CAST, {
    onMove: () => {
      throw moved;
    },
  }).catch((error: unknown) => {
    if (error !== moved) throw error;
  });
}
