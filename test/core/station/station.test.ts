import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyPack } from '../../../core/pack/verify';
import { play } from '../../../core/rehearsal/player';
import type { Station } from '../../../core/station/port';
import { CAST, playTo, stage, value, type Stage } from './stage';

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
      error: { code: 'policy.illegalCombination', detail: { because: expect.stringMatching(/AES-256/) } },
    });
  });

  it.each([{ keyLabel: 'a b' }, { keyLabel: '' }, { purpose: 'gold' }, { unheardOf: 'x' }])(
    'with the input %j',
    async (wrong) => {
      const answer = await s.station.start({ ...s.request, inputs: { ...s.request.inputs, ...wrong } });
      expect(answer).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^input\./) } });
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
    expect(answer).toMatchObject({ error: { code: 'policy.rehearsalOnly', detail: { what: expect.stringMatching(/SoftHSM/) } } });
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
