import { readEvent, type CeremonyEvent } from '../ceremony/events';
import { readScript } from '../ceremony/script-file';
import type { TranscriptEvent } from '../evidence/event';
import type { DrawReport } from './finish';
import { checklistPage } from './report/checklist-page';
import { exceptions } from './report/exceptions';
import { framed } from './report/page-frame';
import { pdf } from './report/pdf';
import { signOff } from './report/sign-off';
import { spareSheets } from './report/spare-sheets';
import { steps } from './report/steps';
import { tellStory } from './report/story';
import { timeline } from './report/timeline';
import { titlePage } from './report/title-page';

const SPARE_SHEETS = 4;

/**
 * Draws `report.pdf` from a transcript that holds and the bytes of its script: title page, timeline, every step, exceptions, the
 * auditor's questions, sign-off, spare sheets. A script that this version no longer understands is told from the events alone.
 */
export const drawReport: DrawReport = async (events, script) => {
  const reading = readScript(new TextDecoder().decode(script));
  const story = tellStory(events.map(known), reading.ok ? reading.script : null);
  const { opened, endedAt } = story;
  const frame = {
    title: `${opened.script.title}: record of the ceremony`,
    subject: `Key ceremony ${opened.ceremonyId}, ${opened.runMode}`,
    runMode: opened.runMode,
    ceremonyId: opened.ceremonyId,
    scriptSha256: opened.script.sha256,
    createdAt: new Date(endedAt),
  };
  const parts = [
    titlePage(story),
    timeline(story),
    steps(story),
    exceptions(story),
    checklistPage(story),
    signOff(story),
    spareSheets(SPARE_SHEETS),
  ];
  return pdf(framed(frame, parts));
};

function known(event: TranscriptEvent): CeremonyEvent {
  const reading = readEvent(event);
  if (!reading.ok) throw new RangeError(`Event ${event.seq}: ${reading.problem}`);
  return reading.event;
}
