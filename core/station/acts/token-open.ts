import { canonical } from '../../evidence/canonical';
import { success } from '../../contract/result';
import type { TokenReport } from '../../contract/token-values';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { OpenReport } from '../../pkcs11/port';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';

/** Loads the module, finds the planned token by serial and label, and shows both. */
export const tokenOpen: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const opened = await port.value.open(context.address);
  if (!opened.ok) return opened;
  const { token, mechanisms } = opened.value;
  const report = jsonArtefact('token.json', canonical({ token, mechanisms }));
  return success(
    outcome({
      data: {
        serial: token.serial,
        label: token.label,
        pinState: token.userPin,
        moduleSha256: token.module.sha256,
        mechanisms: mechanisms.length,
        pinOnDevice: token.protectedAuthenticationPath,
      },
      checks: checks(context, token),
      show: shown(opened.value, context.profile.title),
      artefacts: [report],
    }),
  );
};

function checks({ state, address, profile }: ActContext, token: TokenReport): Check[] {
  const production = state.runMode === 'production';
  const blank = state.genesis.data.inputs['tokenState'] === 'blank' && state.data['token.initialise'] === undefined;
  const pin = token.userPin === 'ok' || blank;
  const seen = state.data['token.open']?.['moduleSha256'];
  const sameModule = seen === undefined || seen === token.module.sha256;
  return [
    check(
      'CER-TOKEN-SERIAL',
      token.serial === address.serial,
      address.serial || 'a blank token',
      token.serial || 'a blank token',
    ),
    check('CER-TOKEN-LABEL', blank || token.label === address.label, blank ? 'any' : address.label, token.label),
    check(
      'CER-TOKEN-STATE',
      token.initialised || blank,
      blank ? 'blank or to be erased' : 'initialised',
      token.initialised ? 'initialised' : 'blank',
    ),
    check('CER-PIN-TRIES', pin, 'all tries left', PIN_WORDS[token.userPin]),
    check('CER-TOKEN-WRITABLE', !token.writeProtected, 'writable', token.writeProtected ? 'write-protected' : 'writable'),
    check('CER-MODULE-SAME', sameModule, typeof seen === 'string' ? seen : 'first reading', token.module.sha256),
    check(
      'CER-PRODUCTION-HSM',
      !production || !profile.rehearsalOnly,
      production ? 'an HSM fit for production' : 'any token: a rehearsal',
      profile.title,
    ),
  ];
}

const PIN_WORDS = {
  ok: 'all tries left',
  countLow: 'a wrong PIN was entered before',
  finalTry: 'one try left',
  locked: 'locked',
} as const;

function shown({ token, mechanisms }: OpenReport, profileTitle: string): ShowBlock[] {
  return [
    facts('Token', [
      ['Serial', token.serial || 'blank token', true],
      ['Label', token.label],
      ['Manufacturer and model', `${token.manufacturer} ${token.model}`.trim()],
      ['Firmware, hardware', [token.firmware, token.hardware].filter((part) => part !== '').join(', ')],
      ['Crypto officers’ PIN', token.userPinSet ? PIN_WORDS[token.userPin] : 'not set'],
      ['PIN entry', token.protectedAuthenticationPath ? 'on the device' : 'on this station'],
      ['Free private memory', token.freePrivateMemory === null ? 'not reported' : `${token.freePrivateMemory} bytes`],
      ['Mechanisms', String(mechanisms.length)],
    ]),
    facts('PKCS#11 module', [
      ['Profile', profileTitle],
      ['File', token.module.path, true],
      ['SHA-256', token.module.sha256, true],
      ['Library', `${token.module.manufacturer} ${token.module.description} ${token.module.version}`.trim()],
      ['Cryptoki', token.module.cryptoki],
    ]),
  ];
}
