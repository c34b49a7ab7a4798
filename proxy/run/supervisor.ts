import { z } from 'zod';
import type { Supervisor } from '../settings/secrets';

/** How long the parent may take to hand out a secret, ms: a person may have to enter it. */
const PATIENCE_MS = 120_000;

const answerSchema = z.strictObject({ keyriteSecret: z.string(), value: z.instanceof(Uint8Array).nullable() });

/** The part of `process` that is used: the end of an IPC channel with advanced serialization, which carries bytes as bytes. */
export interface SecretPort {
  readonly on: (event: 'message', listener: (message: unknown) => void) => unknown;
  readonly off: (event: 'message', listener: (message: unknown) => void) => unknown;
  /** undefined where there is no parent to talk to */
  readonly send?: (message: unknown) => unknown;
}

/**
 * Asks the parent process for secrets: `{ keyriteSecretWanted: <name> }` is answered with `{ keyriteSecret: <name>, value: <bytes> }`,
 * value null where it has none. null: nobody supervises this process.
 */
export function supervisorOf(port: SecretPort, patienceMs: number = PATIENCE_MS): Supervisor | null {
  const { send } = port;
  if (send === undefined) return null;
  return {
    secret: (name) =>
      new Promise((resolve) => {
        const end = (value: Uint8Array | null): void => {
          clearTimeout(timer);
          port.off('message', listen);
          resolve(value);
        };
        const listen = (message: unknown): void => {
          const read = answerSchema.safeParse(message);
          if (read.success && read.data.keyriteSecret === name) end(read.data.value);
        };
        const timer = setTimeout(() => end(null), patienceMs);
        port.on('message', listen);
        send.call(port, { keyriteSecretWanted: name });
      }),
  };
}
