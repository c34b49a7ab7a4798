import { RECORD_SAFE, UNTOUCHED, type AreaTexts } from './error-text';

/** Disk and evidence. */
export const fileTexts: AreaTexts<'file'> = {
  'file.notFound': {
    what: 'The file or folder is not there any more.',
    means: UNTOUCHED,
    do: 'Connect the drive it was on, or choose another.',
  },
  'file.exists': {
    what: 'A file of that name is there already.',
    means: 'Nothing was overwritten.',
    do: 'Choose another place or name.',
  },
  'file.notWritable': {
    what: 'Keyrite may not write there.',
    means: RECORD_SAFE + ' The ceremony waits.',
    do: 'Make the folder writable or choose another, then try again.',
  },
  'file.diskFull': {
    what: 'The disk is full.',
    means: RECORD_SAFE + ' The ceremony waits; nothing happens on the token meanwhile.',
    do: 'Free some room on the evidence disk, then press Try again.',
  },
  'file.mirrorLost': {
    what: 'The mirror folder is gone.',
    means: 'The evidence itself is safe, but there is only one copy of it now.',
    do: 'Put the medium back, or go on and copy the pack afterwards. The alarm is in the record.',
  },
  'file.damaged': {
    what: 'The evidence is damaged: it is not what was written.',
    means: 'It proves nothing from the damaged place on.',
    do: 'Keep it unchanged, and compare it with the mirror or with an exported copy.',
  },
  'file.foreign': {
    what: 'There is a file in the pack that does not belong to it.',
    means: 'The pack as a whole cannot be accepted.',
    do: 'Find out who put it there. Work on a copy; do not delete it from the original.',
  },
  'file.changedUnderneath': {
    what: 'Another program changed the evidence while the ceremony was running.',
    means: 'The record can no longer be continued safely.',
    do: 'Stop. Keep the folder as it is and record what ran on this station.',
  },
  'file.outFolder': {
    what: 'This medium has a folder of that name already, with something else in it.',
    means:
      'Nothing was written over. If it was in for this step before, the folder may hold a part of it, and a secret of this ceremony.',
    do: 'Take an empty medium and repeat the step. Destroy this one if it was in for this step before.',
  },
  'file.serverSettings': {
    what: 'The settings of the servers do not lie on this medium as they should.',
    means: 'None of them was taken. ' + UNTOUCHED,
    do: 'Make a folder settings on the medium, and in it one folder for each host, named like the host, with plan.json, settings.toml and policy.cedar from its /etc/keyrite-proxy. Then repeat the step.',
  },
  'file.serverLogs': {
    what: 'The logs of the servers do not lie on this medium as they should.',
    means: 'None of them was read. ' + UNTOUCHED,
    do: 'Make a folder servers on the medium, and in it one folder for each host, named like the host, with a copy of its whole audit folder. Nothing else may lie there. Then repeat the step.',
  },
};
