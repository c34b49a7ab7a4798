import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvent, type CeremonyEvent } from '../../../core/ceremony/events';
import { readScript } from '../../../core/ceremony/script-file';
import type { Script } from '../../../core/ceremony/script';
import { Soundness } from '../../../core/ceremony/soundness';
import { transcriptEvent } from '../../../core/evidence/event';
import { play } from '../../../core/rehearsal/player';
import { CAST, stage, value, type Stage } from '../station/stage';

let s: Stage;
let script: Script;
/** a ceremony with an exception, a restart and a second login in it */
let events: CeremonyEvent[];

beforeAll(async () => {
  s = await stage();
  value(await s.station.start(s.request));
  const choice = (step: { id: string }, options: readonly { readonly id: string }[]) =>
    step.id === '1.4' ? 'apart' : (options[0]?.id ?? '');
  const half = new Error('half');
  try {
    await play(
      s.station,
      { ...CAST, choice },
      {
        onMove: (view) => {
          if (view.step?.id === '3.5') throw half;
        },
      },
    );
  } catch (error) {
    if (error !== half) throw error;
  }
  const { ceremonyId } = s.station.current() ?? { ceremonyId: '' };
  await s.station.leave();
  value(await s.station.reopen(ceremonyId));
  value(await play(s.station, CAST));
  const folder = join(s.ground.evidenceFolder, ceremonyId);
  const reading = readScript(await readFile(join(folder, 'script.yaml'), 'utf8'));
  if (!reading.ok) throw new Error('the shipped script does not read');
  script = reading.script;
  events = (await readFile(join(folder, 'transcript.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => {
      const read = readEvent(transcriptEvent.parse(JSON.parse(line)));
      if (!read.ok) throw new Error(read.problem);
      return read.event;
    });
}, 30_000);
afterAll(() => s.done());

/** The first departure of these events from the script, or null. */
function departure(of: readonly CeremonyEvent[]): string | null {
  const soundness = new Soundness(script);
  for (const event of of) {
    const what = soundness.feed(event);
    if (what !== null) return what;
  }
  return null;
}

function without(drop: (event: CeremonyEvent) => boolean): CeremonyEvent[] {
  const at = events.findIndex(drop);
  if (at < 0) throw new Error('There is no such event.');
  return events.filter((_, i) => i !== at);
}

function changed<T extends CeremonyEvent['type']>(
  type: T,
  change: (event: Extract<CeremonyEvent, { type: T }>) => CeremonyEvent,
): CeremonyEvent[] {
  const at = events.findIndex((event) => event.type === type);
  return events.map((event, i) => (i === at ? change(event as Extract<CeremonyEvent, { type: T }>) : event));
}

describe('the soundness of a transcript', () => {
  it('is given for what the engine wrote, with an exception, a restart and all', () => {
    expect(departure(events)).toBeNull();
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['exceptionOpened', 'exceptionDecided', 'reopened', 'sealed']),
    );
  });

  it('is lost by leaving out any one event but a restart, whoever signs the rest', () => {
    const unnoticed = events.filter(
      (event, i) => event.type !== 'reopened' && departure(events.filter((_, k) => k !== i)) === null,
    );
    expect(unnoticed.map(({ seq, type }) => `${seq} ${type}`)).toEqual([`${events.length - 1} sealed`]);
  });

  it('is lost by a quorum that was not reached', () => {
    expect(departure(without(({ type, step }) => type === 'approved' && step === '3.2'))).toMatch(/stepSealed was not allowed/);
  });

  it('is lost by an approval of something that was not shown', () => {
    expect(departure(changed('approved', (event) => ({ ...event, data: { ...event.data, digest: 'ab'.repeat(32) } })))).toMatch(
      /ceremony\.differs/,
    );
  });

  it('is lost by one person deciding an exception', () => {
    expect(
      departure(changed('exceptionDecided', (event) => ({ ...event, data: { ...event.data, decidedBy: ['CA', 'CA'] } }))),
    ).toMatch(/wrongRole/);
  });

  it('is lost by a failed check without its exception', () => {
    const failing = events.map((event) =>
      event.type === 'result' && event.data.operation === 'token.readBack' && event.data.ok
        ? { ...event, data: { ...event.data, checks: event.data.checks.map((one) => ({ ...one, ok: false })) } }
        : event,
    );
    expect(departure(failing)).toMatch(/no exception before it/);
  });

  it('is lost by conflicting seats in the opening', () => {
    expect(
      departure(
        changed('opened', (event) => {
          const [first, second, ...others] = event.data.participants;
          if (!first || !second) throw new Error('too few');
          return { ...event, data: { ...event.data, participants: [first, { ...second, name: first.name }, ...others] } };
        }),
      ),
    ).toMatch(/exclude each other/);
  });

  it('is lost by an act that nobody began, and by one that is done twice', () => {
    expect(departure(without((event) => event.type === 'intent' && event.data.operation === 'token.generate'))).toMatch(
      /result was not allowed/,
    );
    const at = events.findIndex((event) => event.type === 'result' && event.data.operation === 'token.generate');
    const again = events.slice(at - 1, at + 1);
    expect(departure([...events.slice(0, at + 1), ...again, ...events.slice(at + 1)])).toMatch(/intent was not allowed/);
  });
});
