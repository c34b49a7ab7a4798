import { join } from 'node:path';
import type { Medium } from '../core/ceremony/command';
import { failure, success } from '../core/contract/result';
import type { MediumFolders } from '../core/contract/values';
import { practiceMedium } from '../core/rehearsal/rehearsal-ground';
import type { StationGround } from '../core/station/port';

/** The folders of the media that people picked; a rehearsal that picks none has practice media of its own. */
export interface Media {
  readonly folder: StationGround['mediumFolder'];
  readonly pick: (which: Medium, folder: string) => void;
  readonly picked: () => MediumFolders;
  /** Another ceremony has other media: what was picked for the last one must not be written to by the next. */
  readonly forget: () => void;
}

const NONE: MediumFolders = { out: '', back: '' };

export function openMedia(practiceFolder: string): Media {
  let picked = NONE;
  return {
    folder: ({ which, round, runMode, ceremonyId }) => {
      if (picked[which] !== '') return Promise.resolve(success(picked[which]));
      return runMode === 'rehearsal'
        ? practiceMedium(join(practiceFolder, ceremonyId, `${which}-${round}`))
        : Promise.resolve(failure('bundle.notFound', { medium: which }));
    },
    pick: (which, folder) => {
      picked = { ...picked, [which]: folder };
    },
    picked: () => picked,
    forget: () => {
      picked = NONE;
    },
  };
}
