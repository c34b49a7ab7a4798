import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CeremonyView } from '../../core/ceremony/view-model';
import type { Result } from '../../core/contract/result';
import { play } from '../../core/rehearsal/player';
import { PRACTICE, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
import { inRepository } from '../../core/setup/root.mjs';
import type { Station } from '../../core/station/port';
import { expect, test, type RunningApp } from './launch';

/** What a page would ask; byte arrays are made inside the page, because Playwright carries none. */
function ask<T>(
  app: RunningApp,
  verb: string,
  input: Readonly<Record<string, unknown>> | undefined,
  secret: Uint8Array | null = null,
  as = '',
) {
  return app.page.evaluate(
    ([name, given, bytes, member]) => {
      const whole = member === '' ? given : { ...given, [member]: bytes && new Uint8Array(bytes) };
      return window.keyrite.call('ceremony', name, whole);
    },
    [verb, input, secret && [...secret], as] as const,
  ) as Promise<Result<T>>;
}

/** The station as it looks from the page: every question crosses the real bridge. */
async function stationBehind(app: RunningApp): Promise<Station> {
  let view: CeremonyView | null = null;
  const keep = async (answer: Promise<Result<CeremonyView>>): Promise<Result<CeremonyView>> => {
    const given = await answer;
    if (given.ok) view = given.value;
    return given;
  };
  return {
    choices: () => ask(app, 'choices', undefined),
    start: (request) => keep(ask(app, 'start', { ...request })),
    reopen: (ceremonyId) => keep(ask(app, 'reopen', { ceremonyId })),
    current: () => view,
    submit: (command, pin, typed) => keep(ask(app, 'submit', { command, typed }, pin, 'pin')),
    login: (pin) => keep(ask(app, 'login', {}, pin, 'pin')),
    sign: (command, passphrase) => keep(ask(app, 'sign', { command }, passphrase, 'passphrase')),
    retry: () => keep(ask(app, 'retry', undefined)),
    leave: () => ask(app, 'leave', undefined),
    packs: () => Promise.resolve({ ok: true, value: [] }),
  };
}

test('the whole ceremony runs through the bridge of the real app and leaves a pack that verifies', async ({ app, data }) => {
  test.setTimeout(180_000);
  const officers = (await app.page.evaluate(() => window.keyrite.call('officers', 'enrolRehearsal', undefined))) as {
    value: { id: string; name: string }[];
  };
  const seats = Object.fromEntries(
    PRACTICE_OFFICERS.map(({ seat, name }) => [seat, officers.value.find((one) => one.name === name)!.id]),
  );
  const station = await stationBehind(app);
  const inputs = { purpose: 'xks', keySpec: 'AES_256', keyLabel: 'xks-root-1', tokenState: 'blank' };
  const started = await station.start({ script: 'hsm-key', runMode: 'rehearsal', inputs, seats, typed: '' });
  expect(started).toMatchObject({ ok: true });
  const played = await play(station, { ...PRACTICE, entries: {} });
  expect(played).toMatchObject({ ok: true, value: { phase: 'sealed', outcome: 'completed' } });
  await station.leave();

  const [pack] = await readdir(join(data, 'evidence'));
  // the terminal's verifier, as an auditor would run it; it fails the test by its exit code
  const verified = execFileSync(process.execPath, [
    inRepository('dist', 'main', 'keyrite.js'),
    'verify',
    join(data, 'evidence', pack!),
  ]);
  expect(verified.length).toBeGreaterThan(0);
  const log = await readFile(join(data, 'logs', 'keyrite.log'), 'utf8');
  expect(log).not.toContain('"log":1901');
});
