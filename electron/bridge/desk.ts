import type { BridgeFunctions } from '../../core/contract/bridge';
import { PRACTICE_PINS } from '../../core/contract/fixed-words';
import { success, type Failure, type Result } from '../../core/contract/result';
import type { Desk, DeskToken, PackSummary } from '../../core/contract/values';
import type { TokenReport } from '../../core/contract/token-values';
import type { Station } from '../../core/station/port';
import type { OfficerRegistry } from '../../core/officers/registry';
import { privateFiles } from '../private-files';
import { TEXT } from '../text';
import type { TokenSource } from '../token-source';

const NO_MODULE: readonly Failure['code'][] = [
  'token.moduleMissing',
  'token.moduleNotPkcs11',
  'token.moduleCrashed',
  'file.notFound',
];
const RECENT = 5;

function lightOf(token: TokenReport, isPractice: boolean): DeskToken {
  const isLocked = token.userPin === 'locked' || token.soPin === 'locked';
  const state = !token.initialised ? 'blank' : isLocked ? 'locked' : 'present';
  return {
    state,
    title: token.label === '' ? token.model : token.label,
    serial: token.serial,
    text: isPractice ? TEXT.practiceToken(PRACTICE_PINS) : `${token.manufacturer} ${token.model}`.trim(),
  };
}

function tokenLight(token: Result<TokenReport>, isPractice: boolean): DeskToken {
  if (token.ok) return lightOf(token.value, isPractice);
  const state = NO_MODULE.includes(token.error.code) ? 'noModule' : 'absent';
  return { state, title: '', serial: '', text: token.error.code };
}

function running(station: Station): Desk['running'] {
  const view = station.current();
  if (!view || view.phase === 'sealed') return null;
  return { ceremonyId: view.ceremonyId, title: view.title, step: view.step?.id ?? '', runMode: view.runMode };
}

/** What the running ceremony knows of its token; the desk asks the token itself only while nobody else does. */
function lightOfRunning(station: Station): DeskToken | null {
  const token = station.current()?.token;
  return token
    ? { state: token.pinState === 'locked' ? 'locked' : 'present', title: token.label, serial: token.serial, text: '' }
    : null;
}

export function deskFunctions({
  station,
  officers,
  tokens,
  isRehearsal,
  privateFolder,
}: {
  station: Station;
  officers: OfficerRegistry;
  tokens: TokenSource;
  /** the embedded practice token is in use */
  isRehearsal: () => boolean;
  /** where ceremonies keep what stays on this station, a folder each */
  privateFolder: string;
}): BridgeFunctions['desk'] {
  return {
    get: async () => {
      const [packs, known, kept] = await Promise.all([station.packs(), officers.list(), privateFiles(privateFolder)]);
      if (!packs.ok) return packs;
      const now = running(station);
      const isOther = (pack: PackSummary): boolean => pack.ceremonyId !== now?.ceremonyId;
      const underWay = packs.value.filter((pack) => pack.state === 'running');
      const here = new Set(underWay.map(({ ceremonyId }) => ceremonyId));
      return success({
        running: now,
        unfinished: underWay.filter(isOther).map((pack) => ({ ...pack, privateFiles: kept.get(pack.ceremonyId) ?? 0 })),
        leftBehind: [...kept]
          .filter(([ceremonyId]) => !here.has(ceremonyId))
          .map(([ceremonyId, count]) => ({ ceremonyId, privateFiles: count })),
        recent: packs.value.filter((pack) => pack.state !== 'running').slice(0, RECENT),
        officers: known.ok ? known.value.length : 0,
      });
    },
    token: async () => success(lightOfRunning(station) ?? tokenLight(await tokens.report(), isRehearsal())),
  };
}
