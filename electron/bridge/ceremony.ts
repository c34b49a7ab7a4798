import type { BridgeFunctions } from '../../core/contract/bridge';
import { success } from '../../core/contract/result';
import type { Station } from '../../core/station/port';

/** The station holds every rule; this only hands over. `current` needs no token and no disk: a reloaded page is right at once. */
export function ceremonyFunctions(station: Station): BridgeFunctions['ceremony'] {
  return {
    choices: () => station.choices(),
    start: (request) => station.start(request),
    current: async () => success(station.current()),
    reopen: ({ ceremonyId }) => station.reopen(ceremonyId),
    submit: ({ command, pin, typed }) => station.submit(command, pin, typed),
    login: ({ pin }) => station.login(pin),
    sign: ({ command, passphrase }) => station.sign(command, passphrase),
    retry: () => station.retry(),
    leave: () => station.leave(),
  };
}
