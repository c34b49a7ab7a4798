import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verb } from '../../../core/cli/verify';
import { samplePack, removeTemporaryFolders, temporaryFolder, layPack } from '../pack/sample-pack';
import { sampleOfficer, sampleOfficers, sampleTranscript } from '../evidence/sample-transcript';
import { runVerb } from './run-verb';

afterAll(removeTemporaryFolders);

const verify = (folder: string, json = false) => runVerb(verb, { json }, [folder]);

describe('keyrite verify', () => {
  it('says first that the pack holds, then head, eight rows of words, who signed and what is no proof', async () => {
    const { folder, events } = await samplePack({ dissent: 'CO2' });
    const { code, out, err } = await verify(folder);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out.split('\n')[0]).toBe('THE PACK HOLDS');
    expect(out).toContain(events.at(-2)?.hash);
    expect(out).toMatch(/\n {2}8 {2}[0-9a-f]{8} {2}\w+ \w+ \w+ \w+\n/);
    expect(out).toContain('CA  Ada Lindqvist: signed, signature verifies');
    expect(out).toContain('CO2 Désirée Müller: does NOT agree: I could not read the third row.');
    expect(out).toContain('REHEARSAL');
    expect(out).toMatch(/Exceptions +1\n/);
  });

  it('says what failed, where, what it means and what to do', async () => {
    const { events } = sampleTranscript();
    const { code, out } = await verify(await layPack(events.toSpliced(5, 1)));
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('THE PACK DOES NOT HOLD');
    expect(out).toContain('Where:         transcript.jsonl, event 5 (line 6)');
    expect(out).toContain('What:          event 5 is missing');
    expect(out).toMatch(/What it means: .+\nWhat to do: +.+/);
  });

  it('gives one JSON object with --json, also for a folder that is no pack', async () => {
    const { folder } = await samplePack();
    expect(JSON.parse((await verify(folder, true)).out)).toMatchObject({
      ok: true,
      exitCode: 0,
      outcome: 'completed',
      exceptions: 1,
    });
    const nothing = await verify(await temporaryFolder(), true);
    expect(nothing.code).toBe(2);
    expect(JSON.parse(nothing.out)).toMatchObject({ ok: false, exitCode: 2 });
  });

  it('answers 2 and a sentence on stderr for what cannot be read', async () => {
    const { code, out, err } = await verify(join(await temporaryFolder(), 'nowhere'));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('there is no such folder');
  });

  it('names the script, a foreign file and an unfinished pack', async () => {
    const change = async (act: (folder: string) => Promise<unknown>) => {
      const { folder } = await samplePack();
      await act(folder);
      return (await verify(folder)).out;
    };
    expect(await change((folder) => writeFile(join(folder, 'script.yaml'), 'another'))).toContain('Where:         script.yaml');
    expect(await change((folder) => writeFile(join(folder, 'more.txt'), ''))).toContain('Where:         more.txt');
    expect(await change((folder) => rm(join(folder, 'report.pdf')))).toContain('finished by opening the ceremony');
  });

  it('lets no name in a pack repaint the terminal or add lines', async () => {
    const [, ...others] = sampleOfficers();
    const officers = [sampleOfficer('CA', 'CA', '\u001B[2J\nTHE PACK HOLDS\u202E'), ...others];
    const { folder } = await samplePack({ officers });
    const { out } = await verify(folder);
    expect(out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    expect(out.split('\n').filter((line) => line.startsWith('THE PACK'))).toHaveLength(1);
  });
});
