import { join } from 'node:path';

/** Where everything of this station lives: one folder a person can copy, back up or throw away after a rehearsal. */
export interface Folders {
  readonly data: string;
  readonly settingsFile: string;
  readonly windowFile: string;
  readonly evidence: string;
  readonly officers: string;
  readonly logs: string;
  /** the embedded SoftHSM token */
  readonly rehearsal: string;
  /** the embedded rehearsal KMS */
  readonly rehearsalKms: string;
  /** practice media, a folder per ceremony */
  readonly rehearsalMedia: string;
  /** what must not leave this station: import tokens */
  readonly private: string;
  /** the XKS proxy of this station: settings, state, audit log, secrets */
  readonly proxy: string;
  readonly calendarFile: string;
  /** who is who for key policies */
  readonly peopleFile: string;
  /** scripts, profiles and word list that ship with the app (inside the asar when packed) */
  readonly resources: string;
  readonly pages: string;
  readonly preload: string;
  readonly tokenChild: string;
  readonly proxyChild: string;
  readonly hsmProcess: string;
  readonly policyTrial: string;
}

/** `app`: the folder (or asar) that holds package.json. */
export function foldersIn(data: string, app: string): Folders {
  return {
    data,
    settingsFile: join(data, 'settings.json'),
    windowFile: join(data, 'window.json'),
    evidence: join(data, 'evidence'),
    officers: join(data, 'officers'),
    logs: join(data, 'logs'),
    rehearsal: join(data, 'rehearsal-token'),
    rehearsalKms: join(data, 'rehearsal-kms'),
    rehearsalMedia: join(data, 'rehearsal-media'),
    private: join(data, 'private'),
    proxy: join(data, 'proxy'),
    calendarFile: join(data, 'calendar.json'),
    peopleFile: join(data, 'key-policy-people.json'),
    resources: join(app, 'resources'),
    pages: join(app, 'dist', 'renderer'),
    preload: join(app, 'dist', 'preload', 'preload.cjs'),
    tokenChild: join(app, 'dist', 'main', 'token-child.js'),
    proxyChild: join(app, 'dist', 'main', 'proxy-child.js'),
    hsmProcess: join(app, 'dist', 'main', 'hsm-process.js'),
    policyTrial: join(app, 'dist', 'main', 'policy-trial.js'),
  };
}
