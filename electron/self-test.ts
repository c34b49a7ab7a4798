import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shortWords } from '../core/evidence/words';
import { TOOL } from '../core/contract/tool';
import { openTokens } from './children/tokens';
import type { Folders } from './folders';
import type { Log } from './log';
import { openSettings } from './settings-store';

export interface SelfTest {
  readonly version: string;
  readonly build: string;
  readonly electron: string;
  readonly scripts: readonly string[];
  readonly profiles: readonly string[];
  /** the words of a digest of zeros: the word list is there */
  readonly words: string;
  readonly pages: boolean;
  readonly preload: boolean;
  /** a page of PDF could be drawn: library and fonts are there */
  readonly report: boolean;
  /** what the token child answered: the number of tokens it lists, or an error code */
  readonly tokenChild: number | string;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Loaded only here and when a ceremony ends: the library takes longer to load than the rest of the app. */
async function canDraw(): Promise<boolean> {
  const { pdf } = await import('../core/pack/report/pdf');
  const bytes = await pdf({ content: 'Keyrite' });
  return new TextDecoder().decode(bytes.subarray(0, 5)) === '%PDF-';
}

/** Looks for everything an installed app needs, the way the app itself would, and asks the token child one question. */
export async function runSelfTest(folders: Folders, log: Log): Promise<SelfTest> {
  const settings = openSettings(folders.settingsFile, folders.evidence, () => undefined);
  const tokens = openTokens(folders, settings, log);
  const scripts = await readdir(join(folders.resources, 'ceremonies')).catch(() => []);
  const profiles = await tokens.profiles();
  const test = await tokens.testModule();
  return {
    version: TOOL.version,
    build: TOOL.build,
    electron: process.versions.electron,
    scripts: scripts.filter((name) => name.endsWith('.yaml')),
    profiles: profiles.ok ? profiles.value.map((profile) => profile.id) : [],
    words: shortWords('0'.repeat(64)),
    pages: await isThere(join(folders.pages, 'index.html')),
    preload: await isThere(folders.preload),
    report: await canDraw(),
    tokenChild: test.ok ? test.value.tokens.length : test.error.code,
  };
}

/** The token child must have spoken for the module; that no module is installed on this machine is not the package's fault. */
export function isComplete(test: SelfTest): boolean {
  const isChildAlive = typeof test.tokenChild === 'number' || test.tokenChild === 'token.moduleMissing';
  return (
    test.scripts.length > 0 &&
    test.profiles.length > 0 &&
    test.words !== '' &&
    test.pages &&
    test.preload &&
    test.report &&
    isChildAlive
  );
}
