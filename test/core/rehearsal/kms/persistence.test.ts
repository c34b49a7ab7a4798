import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DecryptCommand, EncryptCommand, GetKeyLastUsageCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { startRehearsalKms, type RehearsalKms } from '../../../../core/rehearsal/kms/start';
import { STATE_FILE } from '../../../../core/rehearsal/kms/store';
import { buildEntries } from '../../../softhsm/build-child';
import { cleanUp, clientOf, HOME, importMaterial, makeKey, startKms, temporaryFolder } from './ground';

afterEach(cleanUp);

describe('the state of a rehearsal KMS', () => {
  it('outlives it: keys, materials, uses and the clock go on', async () => {
    const folder = await temporaryFolder();
    const before = await startKms({ folder });
    const first = clientOf(before);
    const { KeyId } = await makeKey(first);
    await importMaterial(first, KeyId!, randomBytes(32));
    const { CiphertextBlob } = await first.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('kept') }));
    await before.advance(3_600_000);
    const at = before.now().getTime();
    await before.stop();

    const after = await startKms({ folder });
    const second = clientOf(after);
    expect(after.credentials.secretAccessKey).not.toBe(before.credentials.secretAccessKey);
    expect(after.now().getTime()).toBeGreaterThanOrEqual(at);
    expect((await second.send(new GetKeyLastUsageCommand({ KeyId }))).KeyLastUsage).toMatchObject({ Operation: 'Encrypt' });
    const { Plaintext } = await second.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!).toString()).toBe('kept');
  });

  it('says what it is, and is for its owner alone', async () => {
    const folder = await temporaryFolder();
    const kms = await startKms({ folder });
    await makeKey(clientOf(kms));
    const state = JSON.parse(await readFile(join(folder, STATE_FILE), 'utf8')) as Record<string, unknown>;
    expect(state).toMatchObject({ format: 'keyrite-rehearsal-kms-v1', rehearsal: true });
    if (process.platform === 'win32') return;
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, STATE_FILE))).mode & 0o777).toBe(0o600);
    const entries = await readdir(kms.trailFolder, { recursive: true, withFileTypes: true });
    const modes = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mode & 0o777),
    );
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it('belongs to one at a time', async () => {
    const folder = await temporaryFolder();
    const kms = await startKms({ folder });
    expect(await startRehearsalKms({ folder, regions: [HOME] })).toMatchObject({ error: { code: 'ceremony.alreadyRunning' } });
    await kms.stop();
    await startKms({ folder });
  });

  it('is not guessed at when it is damaged', async () => {
    for (const text of ['{"format":', '{"format":"keyrite-rehearsal-kms-v1"}', '[]']) {
      const folder = await temporaryFolder();
      await writeFile(join(folder, STATE_FILE), text);
      expect(await startRehearsalKms({ folder, regions: [HOME] })).toMatchObject({ error: { code: 'aws.rehearsalState' } });
      expect(await readFile(join(folder, STATE_FILE), 'utf8')).toBe(text);
    }
  });

  it.skipIf(process.platform === 'win32')('is not read through a link', async () => {
    const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(elsewhere, 'state'), '{}');
    await symlink(join(elsewhere, 'state'), join(folder, STATE_FILE));
    expect(await startRehearsalKms({ folder, regions: [HOME] })).toMatchObject({ error: { code: 'file.foreign' } });
  });

  it('that cannot be written changes nothing', async () => {
    const folder = await temporaryFolder();
    const kms = await startKms({ folder });
    const client = clientOf(kms);
    const inTheWay = join(folder, `${STATE_FILE}.part`);
    await mkdir(inTheWay);
    await expect(makeKey(client)).rejects.toMatchObject({
      name: 'KMSInternalException',
      message: expect.stringContaining('The rehearsal KMS could not do this'),
    });
    await rmdir(inTheWay);
    expect((await client.send(new ListKeysCommand())).Keys).toEqual([]);
    await makeKey(client);
  });

  it('holds every call that was answered, though the process was killed', async () => {
    const folder = await temporaryFolder();
    const built = await buildEntries({ kms: 'test/core/rehearsal/kms/kms-process.ts' });
    const child = spawn(process.execPath, [built.path('kms'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const { url, credentials } = JSON.parse(line) as { url: string; credentials: RehearsalKms['credentials'] };
    const client = new KMSClient({ region: HOME, endpoint: url, credentials, maxAttempts: 1 });
    const answered: string[] = [];
    try {
      for (;;) {
        answered.push((await makeKey(client)).KeyId!);
        // Not at once: the kill shall come in the middle of some later call.
        if (answered.length === 5) setTimeout(() => child.kill('SIGKILL'), 20);
      }
    } catch {
      client.destroy();
    }
    expect(await ended).toEqual([null, 'SIGKILL']);
    await built.remove();
    const after = clientOf(await startKms({ folder, regions: [HOME] }));
    const { Keys } = await after.send(new ListKeysCommand({ Limit: 1000 }));
    expect(answered.length).toBeGreaterThanOrEqual(5);
    expect(Keys!.map(({ KeyId }) => KeyId).slice(0, answered.length)).toEqual(answered);
    expect(Keys!.length - answered.length).toBeLessThanOrEqual(1);
  }, 60_000);
});
