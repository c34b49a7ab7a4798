import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../../core/ceremony/events';
import { tellStory } from '../../../../core/pack/report/story';
import { titlePage } from '../../../../core/pack/report/title-page';
import { hsmKeyScript, sampleCeremony } from '../sample-ceremony';

/** Page one as text, for a ceremony whose token was planned with this module. */
function pageWith(modulePath: string): string {
  const events = sampleCeremony().map((event) => {
    const reading = readEvent(event);
    if (!reading.ok) throw new Error(reading.problem);
    return reading.event;
  });
  const story = tellStory(events, hsmKeyScript());
  const token = { ...story.opened.token, modulePath };
  return JSON.stringify(titlePage({ ...story, opened: { ...story.opened, token } }));
}

describe('page one of the report', () => {
  it('says that a ceremony has no HSM, and has no row for a module then', () => {
    expect(pageWith('')).toContain('no HSM in this ceremony');
    expect(pageWith('')).not.toMatch(/"Module"|blank, serial/);
  });

  it('names token and module where there is one', () => {
    expect(pageWith('/usr/lib/hsm.so')).toMatch(/"Module".*\/usr\/lib\/hsm\.so/);
    expect(pageWith('/usr/lib/hsm.so')).not.toContain('no HSM');
  });
});
