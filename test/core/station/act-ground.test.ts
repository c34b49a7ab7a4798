import { describe, expect, it } from 'vitest';
import { ActGround, type RunningGround } from '../../../core/station/act-ground';
import type { StandIns } from '../../../core/station/port';
import type { Transcript } from '../../../core/station/transcript';

const STAND_INS: StandIns = { publicRoots: ['a root of a test'], addressOf: () => ({ host: '127.0.0.1', port: 1 }) };

/** What the acts of a ceremony in this run mode are given, on a ground with stand-ins or without. */
function standInsOf(runMode: 'rehearsal' | 'production', standIns?: StandIns): StandIns | null {
  const ground = { resourcesFolder: '', privateFolder: '', calendarFile: '', mirrorFolder: () => '', now: () => new Date() };
  const data = { runMode, ceremonyId: 'xks-store-1', token: { profile: '', modulePath: '' } };
  const transcript = { script: {}, state: { runMode, genesis: { data }, token: { serial: '', label: '' } } };
  const parts = { ground: { ...ground, ...(standIns && { standIns }) }, packFolder: '' } as unknown as RunningGround;
  const acts = new ActGround(
    parts,
    transcript as unknown as Transcript,
    () => Promise.reject(new Error('no token')),
    () => undefined,
  );
  return acts.context({}, null).standIns;
}

describe('what stands for public authorities and for DNS', () => {
  it('is there in a rehearsal whose ground has it, and in no other', () => {
    expect(standInsOf('rehearsal', STAND_INS)).toBe(STAND_INS);
    expect(standInsOf('rehearsal')).toBeNull();
  });

  it('is not there in production, whatever the ground has', () => {
    expect(standInsOf('production', STAND_INS)).toBeNull();
  });
});
