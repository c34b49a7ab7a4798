import { success, type Result } from '../../contract/result';
import type { Outcome } from '../../keys/evidence';
import { facts, outcome, type Act, type ActContext } from './act';

async function login(context: ActContext, user: 'user' | 'so'): Promise<Result<Outcome>> {
  const port = await context.port();
  if (!port.ok) return port;
  const done = await port.value.login({ user, pin: context.pin });
  if (!done.ok) return done;
  const who = user === 'so' ? 'HSM security officer' : 'crypto officer';
  return success(outcome({ data: { pinState: done.value.pinState }, show: [facts('Login', [['Logged in', who]])] }));
}

/** C_Login(CKU_USER), once. */
export const tokenLogin: Act = (context) => login(context, 'user');

/** C_Login(CKU_SO), once. */
export const tokenLoginSo: Act = (context) => login(context, 'so');

/** C_Logout; the session stays, and everything private is out of reach. */
export const tokenLogout: Act = async (context) => {
  const port = await context.port();
  if (!port.ok) return port;
  const done = await port.value.logout();
  return done.ok ? success(outcome({ show: [facts('Login', [['Logged in', 'nobody']])] })) : done;
};
