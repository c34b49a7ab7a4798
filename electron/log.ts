import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything the app ever writes to its log, each with a number of its own that never changes its meaning.
 * A test holds the numbers unique.
 */
export const LOG = {
  started: 1001,
  stopped: 1002,
  shown: 1003,
  settingsDamaged: 1101,
  settingsNotWritten: 1102,
  pageGone: 1201,
  pageUnresponsive: 1202,
  pageBlocked: 1203,
  requestBlocked: 1204,
  bridgeRefused: 1301,
  tokenChildStarted: 1401,
  tokenChildGone: 1402,
  proxyChildStarted: 1501,
  proxyChildGone: 1502,
  hsmProcessesEnded: 1503,
  proxyPhase: 1504,
  proxyKilled: 1505,
  shortcutTaken: 1506,
  suspended: 1507,
  resumed: 1508,
  policyTrialGone: 1509,
  stoodStill: 1510,
  clockSet: 1511,
  addressesChanged: 1512,
  fault: 1901,
} as const;

export type LogNumber = (typeof LOG)[keyof typeof LOG];

export interface Log {
  /** `facts` never hold inputs of a call, file contents or anything a person typed. */
  readonly note: (number: LogNumber, facts?: Readonly<Record<string, string | number | boolean>>) => void;
  /** Writes a bug down once and answers the incident number people can quote. */
  readonly fault: (where: string, cause: unknown) => string;
}

const FILE = 'keyrite.log';
const KEEP = 3;

/** keyrite.log -> keyrite.1.log -> ... -> keyrite.3.log, the last one falls off. */
function rotate(folder: string): void {
  const name = (age: number) => join(folder, age === 0 ? FILE : `keyrite.${String(age)}.log`);
  for (let age = KEEP - 1; age >= 0; age -= 1) {
    if (statSync(name(age), { throwIfNoEntry: false })) renameSync(name(age), name(age + 1));
  }
}

/**
 * One file of JSON lines, at most `maxBytes` before it is rotated. Written synchronously: the line about a crash is on disk before
 * the crash goes on. A log that cannot be written must not stop a ceremony, so trouble with it goes to standard error.
 */
export function openLog(folder: string, { maxBytes = 1_000_000, now = () => new Date() } = {}): Log {
  const path = join(folder, FILE);
  let faults = 0;
  const write = (line: Readonly<Record<string, unknown>>): void => {
    const text = `${JSON.stringify({ at: now().toISOString(), pid: process.pid, ...line })}\n`;
    try {
      mkdirSync(folder, { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) + text.length > maxBytes) rotate(folder);
      appendFileSync(path, text, { mode: 0o600 });
    } catch (cause) {
      process.stderr.write(`keyrite: cannot write the log (${String(cause)}): ${text}`);
    }
  };
  return {
    note: (number, facts = {}) => write({ log: number, ...facts }),
    fault: (where, cause) => {
      faults += 1;
      const incident = `F${now().getTime().toString(36)}-${String(faults)}`.toUpperCase();
      write({ log: LOG.fault, incident, where, stack: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
      return incident;
    },
  };
}
