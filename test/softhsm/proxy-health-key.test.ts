import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killOffline } from '../../core/control/offline-kill';
import { run } from '../../proxy/run/run';
import { HEALTH_KEY } from '../bench/xks/token.mjs';
import { buildEntries, type BuiltEntries } from './build-child';
import { hasSoftHsm } from './ground';
import { makeServiceToken, writeServiceSettings, type Token } from './service-ground';
import { places } from './service-places';

describe.skipIf(!hasSoftHsm)('keyrite proxy --make-health-key', () => {
  let built: BuiltEntries;
  let token: Token;

  beforeAll(async () => {
    built = await buildEntries({ 'hsm-process': 'proxy/hsm/process/main.ts' });
    token = makeServiceToken();
  });

  afterAll(async () => {
    token.remove();
    await built.remove();
  });

  /** Runs it on settings that name `label`, as `folder` has them. */
  async function make(folder: string, label: string, change: (settings: string) => string = (settings) => settings) {
    const file = writeServiceSettings(token, join(token.folder, folder));
    const settings = readFileSync(file, 'utf8').replace(`key = "${HEALTH_KEY}"`, `key = "${label}"`);
    writeFileSync(file, change(settings));
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    const options = { settingsFile: file, checkOnly: false, makeHealthKey: true };
    const context = { out: say, err: say, isTerminal: false, signal: new AbortController().signal };
    return { end: await run(options, context, places(built.path('hsm-process'))), text: said.join('\n') };
  }

  it('waits for its session, makes the key, and refuses to make a second one', async () => {
    expect(await make('first', 'fresh-health')).toMatchObject({ end: 'done', text: expect.stringContaining('"fresh-health"') });
    expect(await make('second', 'fresh-health')).toMatchObject({
      end: 'no',
      text: expect.stringContaining('The health key was not made. The token has something labelled "fresh-health" already.'),
    });
  });

  it('tries a wrong PIN once, says so, and does not try it again', async () => {
    const keepWrongPin = (settings: string): string =>
      settings.replace(/pin_file = "[^"]*"/, `pin_file = "${join(token.folder, 'wrong-pin')}"`);
    const wrongPin = (settings: string): string => {
      writeFileSync(join(token.folder, 'wrong-pin'), 'not-the-pin', { mode: 0o600 });
      return keepWrongPin(settings);
    };
    const first = await make('wrong', 'other-health', wrongPin);
    expect(first).toMatchObject({
      end: 'no',
      text: expect.stringContaining('The health key was not made. The token refused the PIN at'),
    });
    // the same time of the same refusal: no second login stands behind the second answer
    expect(await make('wrong', 'other-health', keepWrongPin)).toEqual(first);
  });

  it('says why there is no session when the token is not there', async () => {
    const elsewhere = (settings: string): string => settings.replace(/token_label = "[^"]*"/, 'token_label = "no-such-token"');
    expect(await make('elsewhere', 'other-health', elsewhere)).toMatchObject({
      end: 'no',
      text: expect.stringContaining('The health key was not made. No login to the token'),
    });
  });

  it('logs in to nothing while the proxy is killed, or its latch cannot be read', async () => {
    const state = join(token.folder, 'killed', 'state');
    mkdirSync(state, { recursive: true, mode: 0o700 });
    await killOffline(state, { who: 'a test', why: 'to see' }, new Date());
    const refused = { end: 'no', text: expect.stringContaining('This proxy is killed') };
    expect(await make('killed', 'killed-health')).toMatchObject(refused);
    writeFileSync(join(state, 'latch.json'), 'torn');
    expect(await make('killed', 'killed-health')).toMatchObject(refused);
  });
});
