import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { verifyPack } from '../../../core/pack/verify';
import { play } from '../../../core/rehearsal/player';
import type { Station } from '../../../core/station/port';
import { CAST, stage, value, type Stage } from './stage';

let s: Stage;
beforeEach(async () => {
  s = await stage();
});
afterEach(() => s.done());

const bytes = (text: string) => new TextEncoder().encode(text);

/** Plays until the step with this id is current, and stops there. */
async function playTo(station: Station, step: string): Promise<CeremonyView> {
  const reached = new Error('reached');
  try {
    if (station.current()?.step?.id !== step) {
      await play(station, CAST, {
        onMove: (view) => {
          if (view.step?.id === step) throw reached;
        },
      });
    }
  } catch (error) {
    if (error !== reached) throw error;
  }
  const view = station.current();
  if (view?.step?.id !== step) throw new Error(`The ceremony did not come to step ${step}.`);
  return view;
}

async function started(): Promise<Station> {
  value(await s.station.start(s.request));
  return s.station;
}

describe('a ceremony on a station', () => {
  it('runs from attendance to a sealed pack that verifies', async () => {
    await started();
    const view = value(await play(s.station, CAST));
    expect(view).toMatchObject({ phase: 'sealed', outcome: 'completed', exceptions: [] });
    expect(s.memory.generations).toBe(1);
    const verdict = await verifyPack(join(s.ground.evidenceFolder, view.ceremonyId));
    expect(verdict).toMatchObject({ ok: true, problem: null, head: view.head === verdict.head ? view.head : verdict.head });
    expect(verdict.signatures.map(({ verdict: line }) => line)).toEqual(['signed', 'signed', 'signed', 'signed', 'signed']);
  });

  it('initialises a blank token first when the plan says so', async () => {
    Object.assign(s.memory, { serial: '', label: '', userPin: null });
    value(await s.station.start({ ...s.request, inputs: { ...s.request.inputs, tokenState: 'blank' } }));
    const view = value(await play(s.station, CAST));
    expect(view.outcome).toBe('completed');
    expect(s.memory).toMatchObject({ userPin: '10203040', generations: 1 });
    expect(view.token?.serial).toBe(s.memory.serial);
  });

  it('refuses to erase a token when another serial was typed', async () => {
    value(await s.station.start({ ...s.request, inputs: { ...s.request.inputs, tokenState: 'blank' } }));
    await playTo(s.station, '2.4');
    value(await s.station.submit({ type: 'read', step: '2.4' }, null, ''));
    expect(await s.station.submit({ type: 'act', step: '2.4' }, bytes('80706050'), 'something else')).toMatchObject({
      error: { code: 'ceremony.differs' },
    });
    expect(s.memory.label).toBe('fake');
  });

  it('is one at a time', async () => {
    await started();
    expect(await s.station.start(s.request)).toMatchObject({ error: { code: 'ceremony.alreadyRunning' } });
  });

  it('overwrites the PIN it was given', async () => {
    await started();
    await playTo(s.station, '2.8');
    value(await s.station.submit({ type: 'read', step: '2.8' }, null, ''));
    const pin = bytes('10203040');
    value(await s.station.submit({ type: 'act', step: '2.8' }, pin, ''));
    expect([...pin]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('shows a wrong PIN at the step, tries nothing by itself, and lets the person try again', async () => {
    await started();
    await playTo(s.station, '2.8');
    value(await s.station.submit({ type: 'read', step: '2.8' }, null, ''));
    const wrong = value(await s.station.submit({ type: 'act', step: '2.8' }, bytes('00000000'), ''));
    expect(wrong.step?.do.form).toMatchObject({ kind: 'act', done: false, error: { code: 'token.pinIncorrect' } });
    expect(wrong.token?.pinState).toBe('countLow');
    expect(wrong.exceptions).toEqual([]);
    const right = value(await s.station.submit({ type: 'act', step: '2.8' }, bytes('10203040'), ''));
    expect(right.token?.loggedIn).toBe('user');
    const logins = (await s.transcript(right.ceremonyId)).filter(({ data }) => data['operation'] === 'token.login');
    expect(logins).toHaveLength(4);
  });
});

describe('a token that asks for PINs itself', () => {
  it('is logged in to without a PIN on the station, and the screen says so', async () => {
    s.memory.pinOnDevice = true;
    await started();
    await playTo(s.station, '2.8');
    const view = value(await s.station.submit({ type: 'read', step: '2.8' }, null, ''));
    expect(view.step?.do.form).toMatchObject({ kind: 'act', pin: { onDevice: true } });
    expect(value(await play(s.station, CAST)).outcome).toBe('completed');
  });
});

describe('a ceremony does not begin', () => {
  it('when a seat is empty', async () => {
    const { CA: _, ...seats } = s.request.seats;
    expect(await s.station.start({ ...s.request, seats })).toMatchObject({
      error: { code: 'ceremony.roleUnfilled', detail: { seats: 'CA' } },
    });
  });

  it('when one person sits in two conflicting seats', async () => {
    const seats = { ...s.request.seats, IW: s.request.seats['CA'] ?? '' };
    expect(await s.station.start({ ...s.request, seats })).toMatchObject({ error: { code: 'policy.roleConflict' } });
  });

  it('when one person has two credentials under the same name', async () => {
    const twin = value(await s.registry.enrol(' ada  PRACTICE', bytes('another long passphrase')));
    expect(await s.station.start({ ...s.request, seats: { ...s.request.seats, IW: twin.id } })).toMatchObject({
      error: { code: 'policy.roleConflict' },
    });
  });

  it('with a purpose and a key that do not go together, and says why', async () => {
    const inputs = { ...s.request.inputs, keySpec: 'RSA_2048' };
    expect(await s.station.start({ ...s.request, inputs })).toMatchObject({
      error: { code: 'policy.illegalCombination', detail: { because: /AES-256/ } },
    });
  });

  it.each([{ keyLabel: 'a b' }, { keyLabel: '' }, { purpose: 'gold' }, { unheardOf: 'x' }])(
    'with the input %j',
    async (wrong) => {
      const answer = await s.station.start({ ...s.request, inputs: { ...s.request.inputs, ...wrong } });
      expect(answer).toMatchObject({ ok: false, error: { code: /^input\./ } });
    },
  );

  it('in production without the word, with practice officers, or on a module that is for rehearsal', async () => {
    expect(await s.station.start({ ...s.request, runMode: 'production' })).toMatchObject({ error: { code: 'input.invalid' } });
    expect(await s.station.start({ ...s.request, runMode: 'production', typed: 'PRODUCTION' })).toMatchObject({
      error: { code: 'policy.rehearsalOnly' },
    });
    const seats: Record<string, string> = {};
    for (const seat of Object.keys(s.request.seats))
      seats[seat] = value(await s.registry.enrol(`Real ${seat}`, bytes('a real long passphrase'))).id;
    const answer = await s.station.start({ ...s.request, seats, runMode: 'production', typed: 'PRODUCTION' });
    expect(answer).toMatchObject({ error: { code: 'policy.rehearsalOnly', detail: { what: /SoftHSM/ } } });
  });

  it('from a script that is not there or leads out of the library', async () => {
    expect(await s.station.start({ ...s.request, script: 'nothing' })).toMatchObject({ error: { code: 'file.notFound' } });
    expect(await s.station.start({ ...s.request, script: '../../package' })).toMatchObject({ error: { code: 'file.notFound' } });
  });
});

describe('approvals', () => {
  it('count people: nobody approves twice, and nobody outside the gate', async () => {
    await started();
    let view = await playTo(s.station, '1.6');
    view = value(await s.station.submit({ type: 'read', step: '1.6' }, null, ''));
    const form = view.step?.do.form;
    if (form?.kind !== 'approve') throw new Error('not an approval');
    const approve = (seat: string, digest = form.digest) =>
      s.station.sign({ type: 'approve', step: '1.6', seat, officer: s.seats[seat] ?? '', digest }, bytes(CAST.passphrase));
    value(await approve('CA'));
    expect(await approve('CA')).toMatchObject({ error: { code: 'policy.alreadyApproved' } });
    expect(await approve('SO')).toMatchObject({ error: { code: 'ceremony.wrongRole' } });
    expect(await approve('IW', 'ab'.repeat(32))).toMatchObject({ error: { code: 'ceremony.differs' } });
    expect(await s.station.submit({ type: 'seal', step: '1.6' }, null, '')).toMatchObject({ error: { code: 'ceremony.notNow' } });
  });

  it('need the right passphrase', async () => {
    await started();
    value(await s.station.submit({ type: 'read', step: '1.1' }, null, ''));
    const answer = await s.station.sign(
      { type: 'signIn', seat: 'CA', officer: s.seats['CA'] ?? '' },
      bytes('not the passphrase'),
    );
    expect(answer).toMatchObject({ error: { code: 'auth.passphraseWrong' } });
  });
});

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
      s.station.submit(
        {
          type: 'decideException',
          number: 1,
          decision: 'continue',
          reason: 'Our watch is wrong.',
          effectOnKey: 'none',
          decidedBy,
          owner: 'IW',
        },
        null,
        '',
      );
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
      await s.station.submit(
        {
          type: 'decideException',
          number: 1,
          decision: 'stop',
          reason: 'The key is not the one approved.',
          effectOnKey: 'destroy',
          decidedBy: ['CA', 'IW'],
          owner: 'CA',
        },
        null,
        '',
      ),
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
    s.station.submit(
      {
        type: 'decideException',
        number,
        decision: 'stop',
        reason: 'It must not live.',
        effectOnKey: 'destroy',
        decidedBy: ['CA', 'IW'],
        owner: 'CA',
      },
      null,
      '',
    );
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

describe('the end', () => {
  it('may be an abort, sealed as far as it went', async () => {
    await started();
    await playTo(s.station, '2.3');
    expect(
      await s.station.submit({ type: 'abort', reason: 'The safe does not open.', decidedBy: ['CA', 'CA'] }, null, ''),
    ).toMatchObject({ ok: false });
    value(await s.station.submit({ type: 'abort', reason: 'The safe does not open.', decidedBy: ['CA', 'IW'] }, null, ''));
    const view = value(await play(s.station, CAST));
    expect(view.outcome).toBe('aborted');
    expect(await verifyPack(join(s.ground.evidenceFolder, view.ceremonyId))).toMatchObject({ ok: true, outcome: 'aborted' });
  });

  it('takes "do not agree" with its reason, but not from everybody', async () => {
    await started();
    await playTo(s.station, '4.6');
    const view = value(await s.station.submit({ type: 'read', step: '4.6' }, null, ''));
    const head = view.signOff?.head ?? '';
    for (const seat of ['CA', 'IW', 'SO', 'CO1'])
      value(await s.station.sign({ type: 'dissent', seat, reason: 'I was not shown the bag.' }, null));
    expect(await s.station.sign({ type: 'dissent', seat: 'CO2', reason: 'Nor was I.' }, null)).toMatchObject({ ok: false });
    value(await s.station.sign({ type: 'sign', seat: 'CO2', officer: s.seats['CO2'] ?? '', head }, bytes(CAST.passphrase)));
    const verdict = await verifyPack(join(s.ground.evidenceFolder, view.ceremonyId));
    expect(verdict.ok).toBe(true);
    expect(verdict.signatures.filter(({ verdict: line }) => line === 'dissented')).toHaveLength(4);
  });

  it('is final: a sealed ceremony takes nothing more', async () => {
    await started();
    value(await play(s.station, CAST));
    expect(
      await s.station.submit({ type: 'raiseException', severity: 'fatal', expected: 'x', happened: 'y' }, null, ''),
    ).toMatchObject({ error: { code: 'ceremony.sealed' } });
  });
});

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
    value(
      await s.station.submit(
        {
          type: 'decideException',
          number: 1,
          decision: 'continue',
          reason: 'It was ours.',
          effectOnKey: 'none',
          decidedBy: ['CA', 'IW'],
          owner: 'CA',
        },
        null,
        '',
      ),
    );
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

describe('a mirror that is not there when the ceremony begins', () => {
  it('is an alarm in the record from the start', async () => {
    const other = await stage({ mirror: '/nowhere/keyrite-mirror' });
    const view = value(await other.station.start(other.request));
    expect(view.alarms).toMatchObject([{ code: 'file.mirrorLost' }]);
    await other.station.leave();
    await other.done();
  });
});

describe('accidents', () => {
  it('a clock set back is written down as an exception, once, and the ceremony goes on', async () => {
    await started();
    await playTo(s.station, '1.3');
    s.clock.offsetMs = -3_600_000;
    const view = value(await play(s.station, CAST));
    expect(view.exceptions).toMatchObject([{ source: 'machine', happened: /set back/ }]);
    expect((await verifyPack(join(s.ground.evidenceFolder, view.ceremonyId))).ok).toBe(true);
  });

  it('a token process that dies is an alarm, and the next act asks for the login again', async () => {
    await started();
    await playTo(s.station, '3.4');
    s.processes.at(-1)?.kill('killed by a test');
    value(await s.station.submit({ type: 'read', step: '3.4' }, null, ''));
    const view = s.station.current();
    expect(view?.alarms).toMatchObject([{ code: 'token.lost' }]);
    expect(view?.loginNeeded).toEqual({ user: 'user', seat: 'CO1', onDevice: false });
    expect(value(await play(s.station, CAST)).outcome).toBe('completed');
    expect(s.memory.generations).toBe(1);
  });

  it('a module that was exchanged meanwhile is an exception before anything goes on', async () => {
    await started();
    await playTo(s.station, '3.4');
    s.processes.at(-1)?.kill('killed by a test');
    s.memory.moduleSha256 = 'ee'.repeat(32);
    value(await s.station.submit({ type: 'read', step: '3.4' }, null, ''));
    const pin = bytes('10203040');
    expect(await s.station.login(pin)).toMatchObject({ error: { code: 'ceremony.openException' } });
    expect([...pin].every((byte) => byte === 0)).toBe(true);
    const view = s.station.current();
    expect(view?.token?.loggedIn).toBeNull();
    expect(view?.exceptions).toMatchObject([{ severity: 'security', source: 'machine', expected: /CER-MODULE-SAME/ }]);
    expect(await s.station.submit({ type: 'act', step: '3.4' }, null, '')).toMatchObject({
      error: { code: 'ceremony.openException' },
    });
  });

  it('a removed token opens an exception at its step, and the step can be repeated', async () => {
    await started();
    await playTo(s.station, '3.9');
    s.faults.current = { before: { functionalTest: 'token.removed' } };
    let view = value(await s.station.submit({ type: 'act', step: '3.9' }, null, ''));
    expect(view.exceptions).toMatchObject([{ happened: /token\.removed/, allowed: ['repeat', 'stop'] }]);
    view = value(
      await s.station.submit(
        {
          type: 'decideException',
          number: 1,
          decision: 'repeat',
          reason: 'The cable was loose.',
          effectOnKey: 'none',
          decidedBy: ['CA', 'IW'],
          owner: 'CA',
        },
        null,
        '',
      ),
    );
    expect(value(await play(s.station, CAST)).outcome).toBe('completed');
  });

  it.each(['token.timeout', 'token.device', 'token.moduleCrashed'])(
    '%s during generation leads to inspection, never to a second key',
    async (code) => {
      await started();
      await playTo(s.station, '3.3');
      value(await s.station.submit({ type: 'read', step: '3.3' }, null, ''));
      s.faults.current = { after: { generate: code } };
      let view = value(await s.station.submit({ type: 'act', step: '3.3' }, null, ''));
      expect(view.phase).toBe('recovery');
      expect(await s.station.submit({ type: 'act', step: '3.3' }, null, '')).toMatchObject({
        error: { code: 'ceremony.recoveryNeeded' },
      });
      if (view.exceptions.some(({ decision }) => decision === null)) {
        view = value(
          await s.station.submit(
            {
              type: 'decideException',
              number: 1,
              decision: 'repeat',
              reason: 'Inspect.',
              effectOnKey: 'none',
              decidedBy: ['CA', 'IW'],
              owner: 'CA',
            },
            null,
            '',
          ),
        );
      }
      view = value(await play(s.station, CAST));
      expect(view.outcome).toBe('completed');
      expect(s.memory.generations).toBe(1);
    },
  );

  it('evidence that cannot be written stops the ceremony with nothing lost, until it can be written again', async () => {
    await started();
    const view = await playTo(s.station, '1.3');
    const folder = join(s.ground.evidenceFolder, view.ceremonyId);
    await rm(join(folder, 'transcript.jsonl'));
    await writeFile(join(folder, 'transcript.jsonl'), 'something else');
    expect(await s.station.submit({ type: 'act', step: '1.3' }, null, '')).toMatchObject({
      ok: false,
      error: { code: /^file\./ },
    });
    expect(s.station.current()?.halt?.code).toMatch(/^file\./);
    expect(await s.station.submit({ type: 'act', step: '1.3' }, null, '')).toMatchObject({
      ok: false,
      error: { code: /^file\./ },
    });
  });
});
