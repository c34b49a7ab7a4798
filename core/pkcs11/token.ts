import { failure, success, type Result } from '../contract/result';
import { checkValue } from './check-value';
import { attempt, closeSession, connect, loggedIn, tokensIn, type Connection } from './connection';
import { randomBytes } from './crypto';
import { destroy } from './destroy';
import { functionalTest } from './functional-test';
import { generate } from './generate';
import { importWrappingKey } from './import-wrapping-key';
import { initialise } from './initialise';
import { audit, find, inventory } from './inventory';
import { login, logout, setUserPin } from './login';
import { loadModule, type Module } from './module';
import { mac } from './mac';
import { negativeTests } from './negative-tests';
import { planFor } from './planned-key';
import type { OpenReport, TokenAddress, TokenPort } from './port';
import { preflight } from './preflight';
import type { Profile } from './profile';
import { publicKey } from './public-key';
import { readBack, readBackInSecondSession } from './read-back';
import { refusesUntrusted } from './refuses-untrusted';
import { returnName, tokenFailure } from './return-value';
import { SoPinMark } from './so-pin-mark';
import { isInitialised, tokenReport, tokenSummary } from './token-info';
import { trialWrap } from './trial-wrap';
import { wrapKey } from './wrap-key';

/** Does the connection still stand: the same token known by the same profile, our session, and (after an initialisation elsewhere) the same state? */
function stands(connection: Connection, { modulePath, profile, serial, label }: TokenAddress): boolean {
  const { module, slot, anchor } = connection;
  if (
    module.profile.id !== profile ||
    module.report.path !== modulePath ||
    connection.serial !== serial ||
    connection.label !== label
  )
    return false;
  try {
    const info = module.api.C_GetTokenInfo(slot);
    loggedIn(connection);
    return tokenSummary(info).serial === serial && isInitialised(info) === (anchor !== null);
  } catch (error) {
    if (returnName(error) === null) throw error;
    return false;
  }
}

function report(connection: Connection): Result<OpenReport> {
  try {
    return success({ token: tokenReport(connection.module, connection.slot), mechanisms: connection.mechanisms });
  } catch (error) {
    return tokenFailure(error);
  }
}

function listTokens(module: Module) {
  try {
    return success(tokensIn(module).map(({ token }) => token));
  } catch (error) {
    return tokenFailure(error);
  }
}

/** Overwrites a PIN when the call is over, also one that was refused before anybody looked at it. */
async function overwriting<T>(pin: Uint8Array | null, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } finally {
    pin?.fill(0);
  }
}

/**
 * A token over PKCS#11, in this process. It belongs into the token child: the calls block, a vendor's library can crash, and PINs
 * pass through. One connection at a time; modules stay loaded.
 */
export function openTokenPort(profiles: readonly Profile[]): TokenPort {
  const modules = new Map<string, Module>();
  const soPin = new SoPinMark();
  let connection: Connection | null = null;

  async function moduleAt(path: string, profileId: string): Promise<Result<Module>> {
    const profile = profiles.find((one) => one.id === profileId);
    if (!profile) return failure('input.invalid', { profile: profileId });
    const loaded = modules.get(path);
    if (loaded) return success({ ...loaded, profile });
    const fresh = await loadModule(path, profile);
    if (fresh.ok) modules.set(path, fresh.value);
    return fresh;
  }

  /** Runs an operation on the connected token; without one the answer is token.notFound. */
  function on<T>(act: (open: Connection) => Result<T>): Promise<Result<T>> {
    // As a promise executor, so that a bug rejects rather than throws at the caller.
    return new Promise((resolve) =>
      resolve(connection ? act(connection) : failure('token.notFound', { problem: 'no token is open' })),
    );
  }

  function leave(): void {
    if (!connection?.anchor) return;
    logout(connection);
    closeSession(connection.module.api, connection.anchor);
    connection = null;
  }

  async function open(address: TokenAddress): Promise<Result<OpenReport>> {
    const module = await moduleAt(address.modulePath, address.profile);
    if (!module.ok) return module;
    if (connection && stands(connection, address)) return report(connection);
    leave();
    const connected = connect(module.value, address.serial, address.label);
    if (!connected.ok) return connected;
    connection = connected.value;
    return report(connected.value);
  }

  return {
    open,
    list: async ({ modulePath, profile }) => {
      const module = await moduleAt(modulePath, profile);
      return module.ok ? listTokens(module.value) : module;
    },
    login: ({ user, pin }) =>
      overwriting(pin, () => {
        const mark = user === 'so' ? soPin.of(pin) : null;
        return on((token) => {
          const done = login(token, user, pin);
          if (done.ok && user === 'so') soPin.remember(mark);
          return done;
        });
      }),
    logout: () => on(logout),
    initialise: (request) =>
      overwriting(request.soPin, () =>
        on((token) => {
          const done = initialise(token, request);
          connection = done.connection;
          return done.result;
        }),
      ),
    setUserPin: ({ pin }) =>
      overwriting(pin, () =>
        on((token) =>
          soPin.isSame(pin)
            ? failure('token.pinInvalid', { problem: 'it is the security officer’s PIN' })
            : setUserPin(token, pin),
        ),
      ),
    random: ({ bytes }) =>
      on((token) => attempt(token, (api, anchor) => success(randomBytes(api, anchor, bytes).toString('hex')))),
    inventory: () => on(inventory),
    audit: () => on(audit),
    preflight: (request) => on((token) => preflight(token, request)),
    plan: (request) => on((token) => planFor(token, request)),
    generate: (plan) => on((token) => generate(token, plan)),
    find: ({ ckaId }) => on((token) => find(token, ckaId)),
    readBack: (plan) => on((token) => readBack(token, plan)),
    readBackInSecondSession: (plan) => on((token) => readBackInSecondSession(token, plan)),
    negativeTests: (plan) => on((token) => negativeTests(token, plan)),
    checkValue: (plan) => on((token) => checkValue(token, plan)),
    publicKey: (plan) => on((token) => publicKey(token, plan)),
    functionalTest: (plan) => on((token) => functionalTest(token, plan)),
    importWrappingKey: (request) => on((token) => importWrappingKey(token, request)),
    wrapKey: (request) => on((token) => wrapKey(token, request)),
    trialWrap: (request) => on((token) => trialWrap(token, request)),
    refusesUntrusted: (plan) => on((token) => refusesUntrusted(token, plan)),
    mac: (request) => on((token) => mac(token, request)),
    destroy: (request) => on((token) => destroy(token, request)),
    close: () => {
      leave();
      connection = null;
      return Promise.resolve(success(null));
    },
  };
}
