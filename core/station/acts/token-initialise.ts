import { success } from '../../contract/result';
import { check, facts, outcome, type Act } from './act';

/** C_InitToken: erases the token and gives it the planned label. The serial of some tokens changes with it. */
export const tokenInitialise: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const label = newTokenLabel(context.state.genesis.data.ceremonyId);
  const done = await port.value.initialise({ serial: context.address.serial, label, soPin: context.pin });
  if (!done.ok) return done;
  const { serial } = done.value;
  const rows = facts('Token', [
    ['New label', label],
    ['Serial', serial, true],
  ]);
  const initialised = check(
    'CER-TOKEN-INITIALISED',
    done.value.initialised && done.value.label === label,
    `initialised as ${label}`,
    done.value.label,
  );
  return success(outcome({ data: { serial, label }, checks: [initialised], show: [rows] }));
};

/** A label nobody has to think of, that says where the token comes from. At most 32 characters (PKCS#11 2.40, CK_TOKEN_INFO). */
export function newTokenLabel(ceremonyId: string): string {
  return ceremonyId.slice(-32).replace(/^-+/, '');
}

/** C_InitPIN under the security officer's login. */
export const tokenSetUserPin: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const done = await port.value.setUserPin({ pin: context.pin });
  return done.ok ? success(outcome({ data: { pinState: 'ok' }, show: [facts('PIN', [['Crypto officers’ PIN', 'set']])] })) : done;
};
