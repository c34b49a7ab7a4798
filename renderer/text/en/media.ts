import type { Medium } from '../../../core/ceremony/command';

const words: Readonly<Record<Medium, string>> = { out: 'OUT', back: 'BACK' };
const ways: Readonly<Record<Medium, string>> = {
  out: 'medium 1: online to offline',
  back: 'medium 2: offline to online',
};

/** The two media that cross the air gap. */
export const mediaText = {
  words,
  ways,
  needed: (word: string) => `This step uses the medium labelled ${word}.`,
  folder: 'Folder',
  practice: 'The practice medium of this rehearsal: a folder of its own on this station.',
  none: (word: string) => `None chosen. Put the medium labelled ${word} in and choose its folder.`,
  choose: (word: string) => `Choose the folder of ${word}`,
  another: (word: string) => `Choose another folder for ${word}`,
  usePractice: 'Use the practice medium',
  chosen: (word: string) => `The folder of ${word} is chosen.`,
};
