import { failure, type Result } from '../contract/result';
import type { TokenProcess } from '../station/port';
import { DEADLINES_MS } from './deadlines';
import { answerMessage, ARGUMENTS, type TokenCall } from './messages';
import type { TokenPort } from './port';

/**
 * The line to a token child. `post` must have copied the message when it returns (both Node's and Electron's channels serialise at
 * once), because PINs in it are overwritten then. `onExit` is called once.
 */
export interface Wire {
  readonly post: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  readonly onExit: (listener: (reason: string) => void) => void;
  readonly kill: () => void;
}

interface Waiting {
  readonly settle: (result: Result<unknown>) => void;
  readonly fail: (error: Error) => void;
}

/** Bytes in a call that are no secret and that the caller goes on using. Whatever is not named here is overwritten. */
const PUBLIC_BYTES: ReadonlySet<string> = new Set(['spki', 'message']);

function wipe(argument: unknown): void {
  if (typeof argument !== 'object' || argument === null) return;
  for (const [name, value] of Object.entries(argument)) if (value instanceof Uint8Array && !PUBLIC_BYTES.has(name)) value.fill(0);
}

/**
 * A TokenPort over a wire. Every call has a deadline (`token.timeout`; the late answer is dropped, and whether the act happened is
 * for the token to say). When the child dies, all calls under way and all later ones answer `token.moduleCrashed`.
 */
export function startTokenProcess(
  wire: Wire,
  profilesFolder: string,
  deadlinesMs: Readonly<Record<TokenCall, number>> = DEADLINES_MS,
): TokenProcess {
  const waiting = new Map<number, Waiting>();
  const exitListeners: ((reason: string) => void)[] = [];
  let lastId = 0;
  let gone: string | null = null;

  wire.onMessage((message) => {
    const answer = answerMessage.safeParse(message);
    if (!answer.success) return;
    const call = waiting.get(answer.data.id);
    if ('fault' in answer.data) call?.fail(new Error(`Token child: ${answer.data.fault}`));
    else call?.settle(answer.data.result);
  });
  wire.onExit((reason) => {
    gone = reason;
    for (const { settle } of [...waiting.values()]) settle(failure('token.moduleCrashed', { reason }));
    for (const listener of exitListeners) listener(reason);
  });
  wire.post({ begin: 'keyrite-token-child-1', profilesFolder });

  function request(call: TokenCall, argument: unknown): Promise<Result<unknown>> {
    if (gone !== null) {
      wipe(argument);
      return Promise.resolve(failure('token.moduleCrashed', { reason: gone }));
    }
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => waiting.get(id)?.settle(failure('token.timeout', { call, afterMs: deadlinesMs[call] })),
        deadlinesMs[call],
      );
      const settled = <T>(pass: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          waiting.delete(id);
          pass(value);
        };
      };
      waiting.set(id, { settle: settled(resolve), fail: settled(reject) });
      try {
        wire.post({ id, call, argument });
      } finally {
        wipe(argument);
      }
    });
  }

  const calls = Object.keys(ARGUMENTS) as TokenCall[];
  // The methods of TokenPort are exactly the calls of ARGUMENTS (checked there), so a table of them is a TokenPort.
  const port = Object.fromEntries(
    calls.map((call) => [call, (argument: unknown = null) => request(call, argument)]),
  ) as unknown as TokenPort;

  return {
    port,
    onExit: (listener) => (gone === null ? void exitListeners.push(listener) : listener(gone)),
    stop: () =>
      new Promise((resolve) => {
        if (gone !== null) return resolve();
        exitListeners.push(() => resolve());
        wire.kill();
      }),
  };
}
