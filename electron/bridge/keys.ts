import type { BridgeFunctions } from '../../core/contract/bridge';
import { failure, success, type Result } from '../../core/contract/result';
import type { KeysReport } from '../../core/contract/values';
import type { TokenAddress, TokenPort } from '../../core/pkcs11/port';
import type { TokenSource } from '../token-source';

/** One login, one look, one logout. A wrong PIN is answered as such and never tried again. */
async function look(port: TokenPort, address: TokenAddress, pin: Uint8Array | null): Promise<Result<KeysReport>> {
  const opened = await port.open(address);
  if (!opened.ok) return opened;
  const login = await port.login({ user: 'user', pin });
  if (!login.ok) return login;
  const keys = await port.audit();
  await port.logout();
  await port.close();
  return keys.ok ? success({ token: opened.value.token, keys: keys.value }) : keys;
}

/** `isBusy`: a ceremony holds the token. A second process with its own login beside it would blur whose act an act was. */
export function keysFunctions({ tokens, isBusy }: { tokens: TokenSource; isBusy: () => boolean }): BridgeFunctions['keys'] {
  return {
    inventory: async ({ pin }) => {
      if (isBusy()) return failure('token.busy');
      const address = await tokens.address({ blank: false });
      return address.ok ? tokens.use((port) => look(port, address.value, pin)) : address;
    },
  };
}
