import { loadProfiles } from '../pkcs11/profile';
import { inRepository } from '../setup/root.mjs';
import { checkClock } from './checks/clock';
import type { Finding } from './checks/finding';
import { checkDiskSpace, checkEvidenceFolder } from './checks/folder';
import { checkProfiles, checkSoftHsm } from './checks/modules';
import { checkNativeModule, checkNode } from './checks/program';
import { checkDisplay, checkElectron } from './checks/screen';
import { columns, ink, type Ink } from './output';
import { EXIT, type Verb, type VerbContext } from './verb';

const INKS: Readonly<Record<Finding['state'], Ink | null>> = { ok: 'green', warning: 'yellow', missing: 'red', absent: null };

async function tokenFindings(): Promise<Finding[]> {
  const native = await checkNativeModule();
  const profiles = await loadProfiles(inRepository('resources', 'profiles'));
  if (!profiles.ok) {
    const found = `${profiles.error.code}: ${Object.values(profiles.error.detail).join(', ')}`;
    return [
      native,
      {
        id: 'profiles',
        title: 'PKCS#11 profiles',
        state: 'missing',
        found,
        remedy: 'restore resources/profiles from the release',
      },
    ];
  }
  const softHsm = native.state === 'ok' ? [await checkSoftHsm(profiles.value)] : [];
  return [native, ...softHsm, ...(await checkProfiles(profiles.value))];
}

async function examine(folder: string): Promise<Finding[]> {
  return [
    checkNode(),
    ...(await tokenFindings()),
    checkElectron(),
    checkDisplay(),
    await checkEvidenceFolder(folder),
    await checkDiskSpace(folder),
    checkClock(),
  ];
}

function table(findings: readonly Finding[], isTerminal: boolean): string[] {
  const lines = columns(
    findings.map(({ state, title, found, remedy }) => [state, title, remedy ? `${found}. Remedy: ${remedy}` : found]),
  );
  return lines.map((line, i) => {
    const state = findings[i]?.state ?? 'absent';
    const colour = INKS[state];
    return colour === null ? line : ink(colour, state, isTerminal) + line.slice(state.length);
  });
}

async function run({ values, out, isTerminal }: VerbContext) {
  const findings = await examine(String(values['out']));
  const isPossible = findings.every(({ state }) => state !== 'missing');
  if (values['json'] === true) {
    out(JSON.stringify({ rehearsalPossible: isPossible, findings }, null, 2));
  } else {
    for (const line of table(findings, isTerminal)) out(line);
    out(isPossible ? 'A rehearsal is possible here.' : 'A rehearsal is not possible here before what is missing is mended.');
  }
  return isPossible ? EXIT.done : EXIT.lacking;
}

export const verb: Verb = {
  name: 'doctor',
  summary: 'what this machine has and lacks for a ceremony, with remedies',
  usage: 'doctor [--out DIR] [--json]',
  options: {
    out: { type: 'string', value: 'DIR', default: '.', hint: 'where evidence is to be written (default: this folder)' },
    json: { type: 'boolean', hint: 'the findings as JSON' },
  },
  positionals: { min: 0, max: 0 },
  notes: [
    'Changes nothing and needs no network.',
    'Exit codes: 0 a rehearsal is possible here; 2 unusable arguments; 3 something is missing, and what helps is named.',
  ],
  run,
};
