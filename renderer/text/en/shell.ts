import type { Screen } from '../../route';
import type { RunMode } from '../../../core/ceremony/view-model';

const screens: Readonly<Record<Screen, string>> = {
  desk: 'Desk',
  ceremony: 'Ceremony',
  proxy: 'Proxy',
  keys: 'Keys',
  evidence: 'Evidence',
  settings: 'Settings',
};

const banner: Readonly<Record<RunMode, string>> = {
  rehearsal: 'REHEARSAL - practice only: what is made here is not for use',
  production: 'PRODUCTION - acts here are real and final',
};

/** Words around every screen. */
export const shellText = {
  product: 'Keyrite',
  navigation: 'Main',
  skip: 'Skip to the content',
  screens,
  banner,
  running: 'running',
  killed: 'killed',
  loading: 'Loading',
  close: 'Close',
  cancel: 'Cancel',
  details: 'Details',
  whatItMeans: 'For the key:',
  whatToDo: 'What to do:',
  minutes: (count: number) => `${String(count)} min`,
  utcAndLocal: (utc: string, local: string) => `${utc} - ${local} local`,
  required: 'Fill this in.',
  open: 'Open',
  choose: 'Choose',
};
