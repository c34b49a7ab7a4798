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

describe('exceptions', () => {
  it('hold the step until two people in two roles have decided', async () => {
    await started();
    await playTo(s.station, '1.4');
    value(await s.station.submit({ type: 'read', step: '1.4' }, null, ''));
    const view = value(await s.station.submit({ type: 'choose', step: '1.4', option: 'apart' }, null, ''));
    expect(view.exceptions).toMatchObject([
      { number: 1, step: '1.4', severity: 'procedural', source: 'person', allowed: ['continue', 'repeat', 'stop'] },
    ]);
    expect(await s.station.submit({ type: 'seal', step: '1.4' }, null, '')).toMatchObject({
      error: { code: 'ceremony.openException' },
    });
    const decide = (decidedBy: string[]) =>
      s.station.submit(decision(1, 'continue', 'Our watch is wrong.', { decidedBy, owner: 'IW' }), null, '');
    expect(await decide(['CA', 'CA'])).toMatchObject({ error: { code: 'ceremony.wrongRole' } });
    expect(await decide(['CO1', 'CO2'])).toMatchObject({ error: { code: 'ceremony.wrongRole' } });
    expect(await decide(['CA', 'XX'])).toMatchObject({ error: { code: 'ceremony.wrongRole' } });
    value(await decide(['CA', 'IW']));
    expect(value(await s.station.submit({ type: 'seal', step: '1.4' }, null, '')).step?.id).toBe('1.5');
  });

  it('can be called by people at any moment, also at sign-off, where they void the signatures given', async () => {
    await started();
    await playTo(s.station, '4.6');
    let view = value(await s.station.submit({ type: 'read', step: '4.6' }, null, ''));
    const head = view.signOff?.head ?? '';
    value(await s.station.sign({ type: 'sign', seat: 'CA', officer: s.seats['CA'] ?? '', head }, bytes(CAST.passphrase)));
    view = value(
      await s.station.submit(
        { type: 'raiseException', severity: 'cosmetic', expected: 'A quiet room', happened: 'A fire drill' },
        null,
        '',
      ),
    );
    expect(view.signOff?.seats.every(({ state }) => state === 'waiting')).toBe(true);
    expect(
      await s.station.sign({ type: 'sign', seat: 'CA', officer: s.seats['CA'] ?? '', head }, bytes(CAST.passphrase)),
    ).toMatchObject({ error: { code: 'ceremony.differs' } });
    expect(value(await play(s.station, CAST))).toMatchObject({ phase: 'sealed', outcome: 'completed' });
  });

  it('end the ceremony with the key destroyed when it must not live', async () => {
    await started();
    await playTo(s.station, '3.4');
    s.faults.current = {};
    const original = s.memory.objects.length;
    value(await s.station.submit({ type: 'read', step: '3.4' }, null, ''));
    s.faults.current = { before: { readBack: 'key.attributeDiffers' } };
    let view = value(await s.station.submit({ type: 'act', step: '3.4' }, null, ''));
    expect(view.exceptions[0]).toMatchObject({ source: 'machine', allowed: ['repeat', 'stop'] });
    view = value(
      await s.station.submit(decision(1, 'stop', 'The key is not the one approved.', { effectOnKey: 'destroy' }), null, ''),
    );
    expect(view.step?.do.form).toMatchObject({ kind: 'act', verb: 'token.destroy' });
    view = value(await s.station.submit({ type: 'act', step: '3.4' }, null, ''));
    expect(view).toMatchObject({ phase: 'signOff', outcome: 'aborted' });
    expect([original, s.memory.objects.length]).toEqual([1, 0]);
    expect(value(await play(s.station, CAST))).toMatchObject({ phase: 'sealed', outcome: 'aborted' });
  });
});

describe('the destruction that was decided', () => {
  const stop = (number: number) =>
    s.station.submit(decision(number, 'stop', 'It must not live.', { effectOnKey: 'destroy' }), null, '');
  const raise = () =>
    s.station.submit({ type: 'raiseException', severity: 'fatal', expected: 'a quiet room', happened: 'a stranger' }, null, '');

  it('comes first even when it is decided at the sign-off', async () => {
    await started();
    await playTo(s.station, '4.6');
    value(await s.station.submit({ type: 'read', step: '4.6' }, null, ''));
    value(await raise());
    const view = value(await stop(1));
    expect(view).toMatchObject({ phase: 'running', loginNeeded: { user: 'user' } });
    expect(value(await play(s.station, CAST))).toMatchObject({ outcome: 'aborted' });
    expect(s.memory.objects).toEqual([]);
  });

  it('is not over while the token still holds an object of the key', async () => {
    await started();
    await playTo(s.station, '3.5');
    value(await raise());
    value(await stop(1));
    const destroy = s.memory.objects.slice();
    s.faults.current = { stubborn: true };
    const view = value(await s.station.submit({ type: 'act', step: '3.5' }, null, ''));
    expect(view).toMatchObject({ phase: 'running', outcome: null });
    expect(view.exceptions.at(-1)).toMatchObject({ severity: 'security', allowed: ['repeat', 'stop'] });
    expect(s.memory.objects).toEqual(destroy);
  });

  it('is asked of the token also when the answer of the generation was lost', async () => {
    await started();
    await playTo(s.station, '3.3');
    value(await s.station.submit({ type: 'read', step: '3.3' }, null, ''));
    s.faults.current = { after: { generate: 'token.moduleCrashed' } };
    value(await s.station.submit({ type: 'act', step: '3.3' }, null, ''));
    value(await raise());
    value(await stop(1));
    expect(value(await play(s.station, CAST))).toMatchObject({ outcome: 'aborted' });
    expect([s.memory.generations, s.memory.objects.length]).toEqual([1, 0]);
  });
});
