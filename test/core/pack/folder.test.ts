import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createPack, dropUnreferenced, writeArtefact } from '../../../core/pack/folder';
import { createJournal } from '../../../core/pack/journal';
import { listPacks } from '../../../core/pack/list';
import { sha256Text } from '../../../core/pack/sha256';
import { linesOf, sampleTranscript, SAMPLE_SCRIPT } from '../evidence/sample-transcript';
import { layPack, removeTemporaryFolders, samplePack, temporaryFolder } from './sample-pack';

afterAll(removeTemporaryFolders);

describe('createPack', () => {
  it('keeps the exact bytes of the script and refuses an id that was used', async () => {
    const evidence = await temporaryFolder();
    const script = Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]);
    const made = await createPack(evidence, 'hsm-key-1', script);
    expect(made).toEqual({ ok: true, value: join(evidence, 'hsm-key-1') });
    expect(await readFile(join(evidence, 'hsm-key-1', 'script.yaml'))).toEqual(script);
    expect(await createPack(evidence, 'hsm-key-1', script)).toMatchObject({ ok: false, error: { code: 'file.exists' } });
    expect(await createPack(join(evidence, 'nowhere'), 'hsm-key-1', script)).toMatchObject({
      ok: false,
      error: { code: 'file.notFound' },
    });
  });

  it.each(['../away', 'a/b', '.hidden', 'UPPER', ''])('refuses %j as a ceremony id', async (id) => {
    expect(await createPack(await temporaryFolder(), id, SAMPLE_SCRIPT)).toMatchObject({
      ok: false,
      error: { code: 'input.pattern' },
    });
  });
});

describe('artefacts', () => {
  it('are written once, and a taken name gets a number', async () => {
    const pack = await samplePack();
    const write = (text: string) => writeArtefact(pack.folder, 'plan.json', Buffer.from(text));
    expect(await write('one')).toEqual({ ok: true, value: { name: 'plan.json', size: 3, sha256: sha256Text('one') } });
    expect(await write('two')).toMatchObject({ value: { name: 'plan-2.json' } });
    expect(await write('three')).toMatchObject({ value: { name: 'plan-3.json' } });
    expect(await readFile(join(pack.folder, 'artefacts/plan.json'), 'utf8')).toBe('one');
  });

  it.each(['../manifest.json', 'a/b', '.x', 'Plan.json', 'a b', ''])('refuse the name %j', async (name) => {
    const { folder } = await samplePack();
    expect(await writeArtefact(folder, name, Buffer.alloc(1))).toMatchObject({ ok: false, error: { code: 'input.pattern' } });
  });

  it('that no event ever referred to are taken away and told; nothing else is touched', async () => {
    const { folder } = await samplePack();
    await writeArtefact(folder, 'left-over.json', Buffer.from('x'));
    await symlink('/etc/hostname', join(folder, 'artefacts', 'link'));
    const kept = [
      { name: 'template.json', size: 0, sha256: '' },
      { name: 'inventory-before.json', size: 0, sha256: '' },
    ];
    expect(await dropUnreferenced(folder, kept)).toEqual({
      ok: true,
      value: [{ name: 'left-over.json', size: 1, sha256: sha256Text('x') }],
    });
    expect((await readdir(join(folder, 'artefacts'))).sort()).toEqual(['inventory-before.json', 'link', 'template.json']);
  });
});

describe('listPacks', () => {
  it('lists what is running, completed, aborted, unfinished and damaged, and passes over what is no pack', async () => {
    const evidence = await temporaryFolder();
    const put = async (id: string, options: Parameters<typeof samplePack>[0]) => {
      const { folder } = await samplePack({ ...options, ceremonyId: id });
      const { rename } = await import('node:fs/promises');
      await rename(folder, join(evidence, id));
      return join(evidence, id);
    };
    await put('done-1', {});
    await put('stopped-1', { outcome: 'aborted', runMode: 'production' });
    await rm(join(await put('half-1', {}), 'manifest.json'));
    await writeFile(join(await put('bad-1', {}), 'transcript.jsonl'), 'nothing\n');
    const running = await put('open-1', {});
    await writeFile(join(running, 'transcript.jsonl'), linesOf(sampleTranscript({ ceremonyId: 'open-1' }).events.slice(0, 6)));
    await mkdir(join(evidence, 'empty-1'));
    await writeFile(join(evidence, 'notes.txt'), '');
    await writeFile(join(evidence, '.done-1.lock'), '');
    const listed = await listPacks(evidence);
    if (!listed.ok) throw new Error(listed.error.code);
    expect(Object.fromEntries(listed.value.map((pack) => [pack.ceremonyId, pack.state]))).toEqual({
      'done-1': 'completed',
      'stopped-1': 'aborted',
      'half-1': 'running',
      'bad-1': 'damaged',
      'open-1': 'running',
      'empty-1': 'damaged',
    });
    const done = listed.value.find(({ ceremonyId }) => ceremonyId === 'done-1');
    expect(done).toMatchObject({
      title: 'Generate a key in an HSM',
      runMode: 'rehearsal',
      openedAt: '2026-11-22T09:00:00.000Z',
      exceptions: 1,
    });
    expect(done?.headWords.split(' ')).toHaveLength(4);
  });

  it('lists a pack that was just begun, and nothing where there is no folder', async () => {
    const folder = await layPack([]);
    await rm(join(folder, 'transcript.jsonl'));
    const journal = await createJournal(folder, '');
    if (!journal.ok) throw new Error(journal.error.code);
    await journal.value.journal.append(sampleTranscript().events[0] as never);
    const listed = await listPacks(join(folder, '..'));
    expect(listed).toMatchObject({ ok: true, value: [{ state: 'running' }] });
    await journal.value.journal.close();
    expect(await listPacks(join(folder, 'nowhere'))).toEqual({ ok: true, value: [] });
  });
});
