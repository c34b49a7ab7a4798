import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../proxy/run/run';
import { buildEntries, type BuiltEntries } from './build-child';
import { hasSoftHsm } from './ground';
import { makeServiceToken, writeServiceSettings, type Token } from './service-ground';
import { places } from './service-places';

describe.skipIf(!hasSoftHsm)('what keyrite proxy says at its start', () => {
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

  /** Starts a proxy that is to stop at once; what it printed until then. */
  async function startAndStop(settingsFile: string, makeHealthKey = false): Promise<string> {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    const context = { out: say, err: say, isTerminal: false, signal: AbortSignal.abort() };
    await run({ settingsFile, checkOnly: false, makeHealthKey }, context, places(built.path('hsm-process')));
    return said.join('\n');
  }

  it('that its audit log was found damaged, and where to look', async () => {
    const folder = join(token.folder, 'damaged');
    const file = writeServiceSettings(token, folder);
    expect(await startAndStop(file)).not.toContain('audit.folder');
    const [name = ''] = readdirSync(join(folder, 'audit'));
    const log = join(folder, 'audit', name);
    writeFileSync(log, readFileSync(log, 'utf8').replace(/"stopping"/, '"stopped!"'));
    expect(await startAndStop(file)).toContain(`warning  audit.folder: The newest file was found damaged (${name}, `);
  });

  it('that the PIN was refused before, and that a person has to act', async () => {
    const file = writeServiceSettings(token, join(token.folder, 'refused'));
    writeFileSync(join(token.folder, 'refused', 'pin'), 'not-the-pin', { mode: 0o600 });
    await startAndStop(file, true);
    expect(await startAndStop(file)).toMatch(/^NO LOGIN: The token refused the PIN .* keyrite login\.$/m);
  });
});
