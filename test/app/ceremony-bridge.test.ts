import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { play } from '../../core/rehearsal/player';
import { PRACTICE, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
import { inRepository } from '../../core/setup/root.mjs';
import { expect, test } from './launch';
import { stationBehind } from './station-behind';

test('the whole ceremony runs through the bridge of the real app and leaves a pack that verifies', async ({ app, data }) => {
  test.setTimeout(180_000);
  const officers = (await app.page.evaluate(() => window.keyrite.call('officers', 'enrolRehearsal', undefined))) as {
    value: { id: string; name: string }[];
  };
  const station = await stationBehind(app);
  const choices = await station.choices();
  const wanted = choices.ok ? (choices.value.find(({ script }) => script === 'hsm-key')?.seats ?? []) : [];
  const seats = Object.fromEntries(
    PRACTICE_OFFICERS.filter(({ seat }) => wanted.some((one) => one.seat === seat)).map(({ seat, name }) => [
      seat,
      officers.value.find((one) => one.name === name)!.id,
    ]),
  );
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
