import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStationProxy } from '../../../core/supervision/station-proxy';

const ACT = { who: 'ada', why: 'the card is gone' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-station-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a log-out of a proxy that a person is starting', () => {
  it('counts, though no process runs yet that it could be said to: none is started, and the PIN is overwritten', async () => {
    writeFileSync(
      join(folder, 'settings.toml'),
      `[state]\nfolder = "${join(folder, 'state')}"\n[hsm]\npin_from = "supervisor"\n`,
    );
    let goOn: (environment: Record<string, string>) => void = () => undefined;
    const environment = vi.fn(() => new Promise<Record<string, string>>((resolve) => (goOn = resolve)));
    const launch = vi.fn<() => never>(() => {
      throw new Error('is not started');
    });
    const proxy = openStationProxy({ folder, launch, environment });
    const pin = new TextEncoder().encode('10203040');
    const starting = proxy.start(pin);
    await vi.waitUntil(() => environment.mock.calls.length > 0);
    await proxy.logOut(ACT);
    goOn({});
    expect(await starting).toMatchObject({ error: { code: 'proxy.overtaken' } });
    expect(launch).not.toHaveBeenCalled();
    expect(pin).toEqual(new Uint8Array(8));
    expect((await proxy.snapshot()).needsPin).toBe(true);
    await proxy.close();
  });
});
