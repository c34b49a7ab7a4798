import type { VerbName } from './verbs';

/** What officers approve with their credential: a digest, and the act whose blocks show what it stands for. */
export const SUBJECTS = [
  'plan',
  'template',
  'keyPolicy',
  'kmsKey',
  'out',
  'back',
  'import',
  'rotation',
  'destruction',
  'proxySettings',
  'keyStore',
  'drill',
  'arming',
] as const;

export type Subject = (typeof SUBJECTS)[number];

/** The acts that write out a subject; the plan is written by event 0. A subject of two acts is shown by whichever ran. */
export const SUBJECT_ACTS: Readonly<Record<Exclude<Subject, 'plan'>, readonly VerbName[]>> = {
  template: ['token.plan', 'token.locate'],
  keyPolicy: ['aws.planPolicy'],
  kmsKey: ['aws.planKey', 'aws.planStoreKey', 'aws.planDisable'],
  out: ['bundle.prepareOut'],
  back: ['bundle.prepareBack'],
  import: ['aws.planImport'],
  rotation: ['aws.planRotation'],
  destruction: ['destroy.plan'],
  proxySettings: ['proxy.plan', 'proxy.planChange'],
  keyStore: ['aws.planStore', 'aws.planCredential', 'aws.planDisconnect', 'store.planRetire'],
  drill: ['drill.plan', 'servers.planDrill'],
  arming: ['proxy.planArm', 'servers.planArm'],
};
