import type { VerbName } from '../../ceremony/verbs';
import type { Act } from './act';
import { stationPreflight } from './station-preflight';
import { tokenDestroy, tokenGenerate } from './token-generate';
import { tokenInitialise, tokenSetUserPin } from './token-initialise';
import { inventoryAfter, inventoryBefore } from './token-inventory';
import { tokenLogin, tokenLoginSo, tokenLogout } from './token-login';
import { tokenOpen } from './token-open';
import { tokenPlan, tokenPreflight } from './token-plan';
import { functionalTest, negativeTests, secondSession, tokenCheckValue, tokenReadBack } from './token-read-back';

/** Every verb of the scripts and what it does in the world. */
export const ACTS: Readonly<Record<VerbName, Act>> = {
  'station.preflight': stationPreflight,
  'token.open': tokenOpen,
  'token.initialise': tokenInitialise,
  'token.setUserPin': tokenSetUserPin,
  'token.loginSo': tokenLoginSo,
  'token.login': tokenLogin,
  'token.logout': tokenLogout,
  'token.preflight': tokenPreflight,
  'token.inventoryBefore': inventoryBefore,
  'token.plan': tokenPlan,
  'token.generate': tokenGenerate,
  'token.readBack': tokenReadBack,
  'token.negativeTests': negativeTests,
  'token.checkValue': tokenCheckValue,
  'token.secondSession': secondSession,
  'token.functionalTest': functionalTest,
  'token.inventoryAfter': inventoryAfter,
  'token.destroy': tokenDestroy,
};
