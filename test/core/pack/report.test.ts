import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvent, type CeremonyEvent } from '../../../core/ceremony/events';
import type { Script } from '../../../core/ceremony/script';
import { defaultInputs } from '../../../core/ceremony/variant';
import type { TranscriptEvent } from '../../../core/evidence/event';
import { finishPack } from '../../../core/pack/finish';
import { drawPaperScript } from '../../../core/pack/paper-script';
import { drawReport } from '../../../core/pack/report';
import { answerChecklist, type Answer } from '../../../core/pack/report/checklist';
import { printable } from '../../../core/pack/report/printable';
import { tellStory, type Story } from '../../../core/pack/report/story';
import { sha256Bytes } from '../../../core/pack/sha256';
import { verifyPack } from '../../../core/pack/verify';
import { sampleTranscript } from '../evidence/sample-transcript';
import { hsmKeyScript, sampleCeremony, SCRIPT_BYTES } from './sample-ceremony';
import { layPack, removeTemporaryFolders } from './sample-pack';

afterAll(removeTemporaryFolders);

function known(events: readonly TranscriptEvent[]): CeremonyEvent[] {
  return events.map((event) => {
    const reading = readEvent(event);
    if (!reading.ok) throw new Error(reading.problem);
    return reading.event;
  });
}

function storyOf(events: readonly TranscriptEvent[]): Story {
  return tellStory(known(events), hsmKeyScript());
}

/** Pages are the only objects with this type; their dictionaries are never compressed. */
function pageCount(pdf: Uint8Array): number {
  return (
    Buffer.from(pdf)
      .toString('latin1')
      .match(/\/Type \/Page\n/g)?.length ?? 0
  );
}

describe('the story of a ceremony', () => {
  let story: Story;
  beforeAll(() => {
    story = storyOf(sampleCeremony());
  });

  it('has every planned step with its number, its words as they were read, and its seal', () => {
    expect(story.steps.map(({ id }) => id)).toEqual([
      '1.1',
      '1.2',
      '1.3',
      '1.4',
      '1.5',
      '1.6',
      '2.1',
      '2.2',
      '2.3',
      '2.8',
      '2.9',
      '2.10',
      '3.1',
      '3.2',
      '3.3',
      '3.4',
      '3.5',
      '3.6',
      '3.7',
      '3.8',
      '3.9',
      '4.1',
      '4.2',
      '4.3',
      '4.4',
      '4.5',
      '4.6',
    ]);
    expect(story.steps[0]?.words).toContain('I open ceremony hsm-key-2026-11-22-a1b2, run as a rehearsal');
    expect(story.steps.every(({ seal }) => seal !== null)).toBe(true);
    expect(story.steps.filter(({ words, readBy }) => words !== '' && readBy === '')).toEqual([]);
  });

  it('puts what was done, shown and checked under its step', () => {
    const readBack = story.steps.find(({ id }) => id === '3.4');
    expect(readBack?.blocks[0]).toMatchObject({ kind: 'attributes' });
    expect(readBack?.checks[0]).toMatchObject({ rule: 'CER-ATTRIBUTES' });
    expect(story.steps.find(({ id }) => id === '3.1')?.artefacts[0]?.name).toBe('template.json');
  });

  it('tells a read-out as one line with the digest that was compared', () => {
    const readOut = story.steps.find(({ id }) => id === '3.7');
    expect(readOut?.lines).toHaveLength(1);
    expect(readOut?.lines[0]?.text).toMatch(/^Compared 8 of 8 rows of key\.fingerprint: all equal/);
    expect(readOut?.blocks[0]).toMatchObject({ kind: 'fingerprint' });
  });

  it('says which row of a read-out differed', () => {
    const events = known(sampleCeremony()).map((event) =>
      event.type === 'compared' && event.step === '3.7' && event.data.row === 5
        ? { ...event, data: { ...event.data, equal: false } }
        : event,
    );
    const line = tellStory(events, hsmKeyScript()).steps.find(({ id }) => id === '3.7')?.lines[0];
    expect(line).toMatchObject({ isAlarming: true, text: expect.stringContaining('row 5 DIFFERS') });
  });

  it('has exceptions with their decisions, interludes, and what lies between the steps', () => {
    expect(story.exceptions.map(({ opened, decided }) => [opened.number, decided?.decision])).toEqual([
      [1, 'continue'],
      [2, 'repeat'],
    ]);
    expect(story.interludes).toMatchObject([{ step: '2.9', reason: 'Lunch' }]);
    expect(story.between.map(({ text }) => text)).toEqual([
      expect.stringContaining('started again'),
      expect.stringContaining('mirror medium'),
    ]);
  });

  it('leaves the step of an abort unsealed and later ones not reached', () => {
    const aborted = storyOf(sampleCeremony({ abortAfter: '3.3', calm: true }));
    expect(aborted.sealed?.outcome).toBe('aborted');
    expect(aborted.steps.filter(({ begunAt }) => begunAt === '').map(({ id }) => id)[0]).toBe('3.4');
  });
});

describe('the auditor’s questions', () => {
  const answers = (events: readonly TranscriptEvent[]): Record<number, Answer> =>
    Object.fromEntries(answerChecklist(storyOf(events)).map(({ n, answer }) => [n, answer]));

  it('are answered yes where the transcript can, and left open where only others can', () => {
    const all = answers(sampleCeremony({ dissent: 'nobody' }));
    expect(
      Object.entries(all)
        .filter(([, answer]) => answer === 'open')
        .map(([n]) => Number(n)),
    ).toEqual([12, 15, 16]);
    expect(Object.values(all)).not.toContain('no');
  });

  it('are answered no after an abort before the key was read back', () => {
    const all = answers(sampleCeremony({ abortAfter: '3.3', calm: true }));
    for (const n of [5, 6, 8, 10, 11, 17, 18, 19]) expect([n, all[n]]).toEqual([n, 'no']);
    for (const n of [1, 2, 3, 4, 7, 9, 13]) expect([n, all[n]]).toEqual([n, 'yes']);
  });

  it('say no to "signed by all" when somebody dissented, and yes to agreement or dissent', () => {
    const all = answers(sampleCeremony({ dissent: 'EW' }));
    expect([all[14], all[20]]).toEqual(['no', 'yes']);
  });

  it('say no where a check failed, a row differed, or one person approved alone', () => {
    const changed = (change: (event: CeremonyEvent) => CeremonyEvent | null) => {
      const events = known(sampleCeremony())
        .map(change)
        .filter((event) => event !== null);
      return Object.fromEntries(answerChecklist(tellStory(events, hsmKeyScript())).map(({ n, answer }) => [n, answer]));
    };
    expect(
      changed((event) =>
        event.type === 'result'
          ? { ...event, data: { ...event.data, checks: event.data.checks.map((check) => ({ ...check, ok: false })) } }
          : event,
      )[6],
    ).toBe('no');
    expect(
      changed((event) =>
        event.type === 'compared' && event.data.row === 8 ? { ...event, data: { ...event.data, equal: false } } : event,
      )[8],
    ).toBe('no');
    expect(
      changed((event) =>
        event.type === 'approved' && event.data.gate === 'template' && event.data.seat === 'CO2' ? null : event,
      )[7],
    ).toBe('no');
    expect(changed((event) => (event.type === 'exceptionDecided' ? null : event))[3]).toBe('no');
    expect(changed((event) => (event.type === 'signedIn' && event.data.seat === 'IW' ? null : event))[2]).toBe('no');
  });

  /** The sample, as a script that names its gate for the plan after the station and has no negative test. */
  const otherwise = (change: (event: CeremonyEvent) => CeremonyEvent | null = (event) => event) => {
    const script = JSON.parse(JSON.stringify(hsmKeyScript()).replaceAll('"gate":"plan"', '"gate":"planBoth"')) as Script;
    const acts = script.acts.map((act) => ({
      ...act,
      steps: act.steps.filter(({ do: todo }) => todo.action !== 'act' || todo.verb !== 'token.negativeTests'),
    }));
    const events = known(sampleCeremony({ dissent: 'nobody' }))
      .map((event) =>
        event.type === 'approved' && event.data.gate === 'plan'
          ? { ...event, data: { ...event.data, gate: 'planBoth' } }
          : event.type === 'result' && event.data.operation === 'token.negativeTests'
            ? null
            : event,
      )
      .flatMap((event) => (event === null ? [] : [change(event)]))
      .filter((event) => event !== null);
    const sections = { ...script.sections, physicalSecurity: ['1.2', '2.2', '2.4'] };
    return answerChecklist(tellStory(events, { ...script, acts, sections }));
  };

  it('find the approval of the plan whatever its gate is called, and do not blame a script without negative tests', () => {
    const [first, , , , , sixth, seventh] = otherwise();
    expect(first).toMatchObject({ answer: 'yes', because: expect.stringContaining('3 approved it by signature') });
    expect(sixth).toMatchObject({ answer: 'open', because: 'read back equal; no negative test in this script' });
    expect(seventh).toMatchObject({ answer: 'yes', because: expect.stringContaining('plan 3 (step 1.6), template 2') });
    expect(seventh?.events).toHaveLength(5);
  });

  it('speak only of steps that the plan has', () => {
    expect(otherwise()[8]).toMatchObject({ answer: 'yes', because: 'step 1.2, 2.2 sealed' });
  });

  it('count every gate for dual control', () => {
    const alone = otherwise((event) =>
      event.type === 'approved' && event.data.gate === 'planBoth' && event.data.seat !== 'CA' ? null : event,
    );
    expect(alone[6]).toMatchObject({ answer: 'no', because: expect.stringContaining('plan 1 (step 1.6)') });
  });
});

describe('report.pdf', () => {
  it('is drawn without a display or network, the same bytes each time', async () => {
    const events = sampleCeremony();
    const first = await drawReport(events, SCRIPT_BYTES);
    expect(Buffer.from(first.subarray(0, 5)).toString()).toBe('%PDF-');
    expect(pageCount(first)).toBeGreaterThan(10);
    expect(sha256Bytes(await drawReport(events, SCRIPT_BYTES))).toBe(sha256Bytes(first));
  });

  it('tells a ceremony whose script is not understood any more from its events', async () => {
    const { events } = sampleTranscript();
    expect(pageCount(await drawReport(events, Buffer.from('no script')))).toBeGreaterThan(4);
  });

  it('is part of a pack that is finished with it, and carries its own digest', async () => {
    const { events } = sampleTranscript();
    const folder = await layPack(events);
    expect(await finishPack(folder, drawReport)).toEqual({ ok: true, value: null });
    const text = (await readFile(join(folder, 'report.pdf'))).toString('latin1');
    expect(text).toMatch(/%%EOF\n%keyrite-sha256 [0-9a-f]{64}\n$/);
    expect(await verifyPack(folder)).toMatchObject({ exitCode: 0 });
    for (let at = 0; at < text.length; at += Math.floor(text.length / 60)) {
      const flipped = Buffer.from(text, 'latin1');
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      await writeFile(join(folder, 'report.pdf'), flipped);
      expect(await verifyPack(folder), `byte ${at}`).toMatchObject({ exitCode: 1, problem: { where: 'report.pdf' } });
    }
  });

  it('survives text that is long, empty, hostile or of another script', async () => {
    const events = sampleCeremony().map((event) =>
      event.type === 'ticked'
        ? { ...event, data: { item: 1, text: `${'x'.repeat(900)} <b>&"' 京都 \u0000\u202E {image}` } }
        : { ...event, actor: '' },
    );
    expect(pageCount(await drawReport(events, SCRIPT_BYTES))).toBeGreaterThan(10);
  });
});

describe('the paper script', () => {
  it('is drawn from the same script with all its steps', async () => {
    const script = hsmKeyScript();
    const paper = {
      script,
      sha256: sha256Bytes(SCRIPT_BYTES),
      ceremonyId: 'hsm-key-1',
      inputs: defaultInputs(script),
      printedAt: new Date('2026-11-20T10:00:00Z'),
    };
    const pdf = await drawPaperScript({ ...paper, runMode: 'rehearsal' });
    expect(pageCount(pdf)).toBeGreaterThan(8);
    const blank = await drawPaperScript({ ...paper, runMode: 'rehearsal', inputs: { ...paper.inputs, tokenState: 'blank' } });
    expect(blank.length).not.toBe(pdf.length);
  });
});

describe('printable', () => {
  it('keeps what the font can draw and numbers what it cannot', () => {
    expect(printable('Désirée Παπ Ж – “x” ≤ €')).toBe('Désirée Παπ Ж – “x” ≤ €');
    expect(printable('京→\u0007')).toBe('[U+4EAC][U+2192][U+0007]');
  });
});
