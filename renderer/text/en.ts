import { deskText } from './en/desk';
import { evidenceText } from './en/evidence';
import { keysText, pinStates } from './en/keys';
import { officersText } from './en/officers';
import { projectorText } from './en/projector';
import { settingsText } from './en/settings';
import { shellText } from './en/shell';
import { beatText, shortcutText, stageText } from './en/stage';
import { startText } from './en/start';
import { troubleText } from './en/troubles';

/**
 * Every sentence of the page, by screen. A translation is another value of this shape; fingerprints' words, hex, key labels and
 * PKCS#11's own names are never translated.
 */
export const en = {
  shell: shellText,
  desk: deskText,
  start: startText,
  stage: stageText,
  beat: beatText,
  shortcuts: shortcutText,
  trouble: troubleText,
  projector: projectorText,
  evidence: evidenceText,
  keys: keysText,
  pinStates,
  officers: officersText,
  settings: settingsText,
};
