import type { BridgeFunctions } from '../../core/contract/bridge';
import { failure, success, type Result } from '../../core/contract/result';
import type { Station } from '../../core/station/port';
import { dialogs } from '../dialogs';
import type { Media } from '../media';
import { TEXT } from '../text';

/** The station holds every rule; this only hands over. `current` needs no token and no disk: a reloaded page is right at once. */
export function ceremonyFunctions(station: Station, media: Media): BridgeFunctions['ceremony'] {
  const withFreshMedia = async <T>(begin: Promise<Result<T>>): Promise<Result<T>> => {
    const begun = await begin;
    if (begun.ok) media.forget();
    return begun;
  };
  return {
    choices: () => station.choices(),
    start: (request) => withFreshMedia(station.start(request)),
    current: async () => success(station.current()),
    reopen: ({ ceremonyId }) => withFreshMedia(station.reopen(ceremonyId)),
    submit: ({ command, pin, typed }) => station.submit(command, pin, typed),
    login: ({ pin }) => station.login(pin),
    sign: ({ command, passphrase }) => station.sign(command, passphrase),
    retry: () => station.retry(),
    leave: () => station.leave(),
    media: async () => success(media.picked()),
    pickMedium: async ({ which }) => {
      const folder = await dialogs.folder(TEXT.pickMedium[which]);
      if (folder === null) return failure('input.cancelled');
      media.pick(which, folder);
      return success(media.picked());
    },
    clearMedium: async ({ which }) => {
      media.pick(which, '');
      return success(media.picked());
    },
  };
}
