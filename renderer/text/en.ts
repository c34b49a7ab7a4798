import { awsText } from './en/aws';
import { calendarText } from './en/calendar';
import { codeText } from './en/code';
import { deadlineText } from './en/deadline';
import { deskText } from './en/desk';
import { evidenceText } from './en/evidence';
import { keysText, pinStates } from './en/keys';
import { kmsText } from './en/kms';
import { mediaText } from './en/media';
import { officersText } from './en/officers';
import { policyText } from './en/policy';
import { projectorText } from './en/projector';
import { proxyText } from './en/proxy';
import { proxyDetailsText } from './en/proxy-details';
import { proxyMachineText } from './en/proxy-machine';
import { proxyPolicyText } from './en/proxy-policy';
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
  code: codeText,
  media: mediaText,
  deadline: deadlineText,
  projector: projectorText,
  evidence: evidenceText,
  keys: keysText,
  pinStates,
  kms: kmsText,
  policy: policyText,
  calendar: calendarText,
  proxy: proxyText,
  proxyDetails: proxyDetailsText,
  proxyMachine: proxyMachineText,
  proxyPolicy: proxyPolicyText,
  officers: officersText,
  settings: settingsText,
  aws: awsText,
};
