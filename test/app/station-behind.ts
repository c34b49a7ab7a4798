import type { CeremonyView } from '../../core/ceremony/view-model';
import type { Result } from '../../core/contract/result';
import type { Station } from '../../core/station/port';
import type { RunningApp } from './launch';

/** What a page would ask; byte arrays are made inside the page, because Playwright carries none. */
function ask<T>(
  app: RunningApp,
  verb: string,
  input: Readonly<Record<string, unknown>> | undefined,
  secret: Uint8Array | null = null,
  as = '',
) {
  return app.page.evaluate(
    ([name, given, bytes, member]) => {
      const whole = member === '' ? given : { ...given, [member]: bytes && new Uint8Array(bytes) };
      return window.keyrite.call('ceremony', name, whole);
    },
    [verb, input, secret && [...secret], as] as const,
  ) as Promise<Result<T>>;
}

/** The station as it looks from the page: every question crosses the real bridge. */
export async function stationBehind(app: RunningApp): Promise<Station> {
  const now = await ask<CeremonyView | null>(app, 'current', undefined);
  let view: CeremonyView | null = now.ok ? now.value : null;
  const keep = async (answer: Promise<Result<CeremonyView>>): Promise<Result<CeremonyView>> => {
    const given = await answer;
    if (given.ok) view = given.value;
    return given;
  };
  return {
    choices: () => ask(app, 'choices', undefined),
    start: (request) => keep(ask(app, 'start', { ...request })),
    reopen: (ceremonyId) => keep(ask(app, 'reopen', { ceremonyId })),
    current: () => view,
    submit: (command, pin, typed) => keep(ask(app, 'submit', { command, typed }, pin, 'pin')),
    login: (pin) => keep(ask(app, 'login', {}, pin, 'pin')),
    sign: (command, passphrase) => keep(ask(app, 'sign', { command }, passphrase, 'passphrase')),
    retry: () => keep(ask(app, 'retry', undefined)),
    leave: () => ask(app, 'leave', undefined),
    packs: () => Promise.resolve({ ok: true, value: [] }),
  };
}
