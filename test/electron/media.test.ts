import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMedia } from '../../electron/media';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-media-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const request = { which: 'out', round: 1, runMode: 'rehearsal', ceremonyId: 'byok-1' } as const;

describe('the media of a ceremony', () => {
  it('are folders of their own in a rehearsal in which nothing was picked', async () => {
    const media = openMedia(folder);
    const out = await media.folder(request);
    const back = await media.folder({ ...request, which: 'back' });
    expect(out).toEqual({ ok: true, value: join(folder, 'byok-1', 'out-1') });
    expect(back).toEqual({ ok: true, value: join(folder, 'byok-1', 'back-1') });
    expect(statSync(join(folder, 'byok-1', 'out-1')).isDirectory()).toBe(true);
  });

  it('are never invented in production', async () => {
    const answer = await openMedia(folder).folder({ ...request, runMode: 'production' });
    expect(answer).toEqual({ ok: false, error: { code: 'bundle.notFound', detail: { medium: 'out' } } });
  });

  it('are what people picked, each for itself', async () => {
    const media = openMedia(folder);
    media.pick('out', '/media/out');
    expect(media.picked()).toEqual({ out: '/media/out', back: '' });
    expect(await media.folder({ ...request, runMode: 'production' })).toEqual({ ok: true, value: '/media/out' });
    expect(await media.folder({ ...request, runMode: 'production', which: 'back' })).toMatchObject({ ok: false });
  });

  it('of the last ceremony are not those of the next', () => {
    const media = openMedia(folder);
    media.pick('out', '/media/out');
    media.forget();
    expect(media.picked()).toEqual({ out: '', back: '' });
  });
});
