import type { DeskToken, PackSummary } from '../../../core/contract/values';

const tokenStates: Readonly<Record<DeskToken['state'], string>> = {
  present: 'Ready',
  absent: 'Not connected',
  blank: 'Blank',
  locked: 'PIN locked',
  noModule: 'No module',
};

export const packStates: Readonly<Record<PackSummary['state'], string>> = {
  running: 'Unfinished',
  completed: 'Completed',
  aborted: 'Stopped',
  damaged: 'Damaged',
};

export const deskText = {
  title: 'Desk',
  token: 'Token',
  tokenStates,
  tokenAsked: 'Asking the token',
  packStates,
  serial: 'Serial',
  toSettings: 'Check the module in Settings',
  officers: 'Officers',
  officerCount: (count: number) => (count === 1 ? '1 officer enrolled' : `${String(count)} officers enrolled`),
  noOfficers: 'Nobody is enrolled yet. Officers come first: each approves with a key of their own.',
  enrol: 'Enrol officers',
  start: 'Start a ceremony',
  startShort: 'Choose the script, give out the seats, read the digest, begin.',
  running: 'On the stage now',
  toStage: 'Go to the stage',
  unfinished: 'Unfinished ceremonies',
  unfinishedHint:
    'Their record is safe. Continuing starts with a look at the token. To end one that will not be finished: continue it, stop it on the stage, and seal it.',
  files: (count: number) => (count === 1 ? '1 file' : `${String(count)} files`),
  keeps: (count: number) =>
    `Keeps ${count === 1 ? '1 secret file' : `${String(count)} secret files`} on this station (import token, secrets of a proxy) until it is sealed.`,
  leftBehind: 'Left behind on this station',
  leftBehindHint:
    'Import tokens or secrets of a proxy, of ceremonies whose record is damaged or was taken away. Put the record back among the evidence, continue the ceremony and end it. Where it is lost: two people delete the folder with this id, in the folder "private" of the app data, and renew what it was for.',
  resume: 'Continue',
  stepAt: (step: string) => `at step ${step}`,
  recent: 'Recent evidence',
  noEvidence: 'No ceremony has been sealed on this station yet.',
  allEvidence: 'All evidence',
  exceptions: (count: number) => (count === 0 ? 'no exceptions' : count === 1 ? '1 exception' : `${String(count)} exceptions`),
  first: {
    title: 'Your first rehearsal',
    lines: [
      'A software token stands in for the HSM: nothing can break, nothing leaves this machine.',
      'Practice officers take the seats; their passphrase is printed on the screen.',
      'In an hour and a quarter you hold a sealed evidence pack that anybody can verify.',
    ],
    button: 'Start a rehearsal',
  },
};
