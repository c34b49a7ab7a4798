import { z } from 'zod';
import { success } from '../../core/contract/result';
import type { ControlTransport } from './serve';

/** Member that tells a message of the control channel from everything else a parent process says. */
const messageSchema = z.strictObject({ keyriteControl: z.int().min(0), request: z.unknown() });

/** The part of `process` that is used: the end of an IPC channel. */
export interface ParentPort {
  readonly on: (event: 'message', listener: (message: unknown) => void) => unknown;
  readonly off: (event: 'message', listener: (message: unknown) => void) => unknown;
  /** undefined where there is no parent to talk to */
  readonly send?: (message: unknown) => unknown;
  readonly connected?: boolean;
}

/**
 * Control over the messages of a parent process, which supervises this one and so may do anything to it anyway:
 * `{ keyriteControl: <number of its choice>, request }` is answered with `{ keyriteControl: <the same number>, answer }`. Other
 * messages are left to others.
 */
export function parentTransport(port: ParentPort): ControlTransport {
  return {
    open: async (answerTo) => {
      const listen = (message: unknown) => {
        const read = messageSchema.safeParse(message);
        if (!read.success) return;
        void answerTo(read.data.request).then((answer) => {
          if (port.connected === true) port.send?.({ keyriteControl: read.data.keyriteControl, answer });
        });
      };
      port.on('message', listen);
      return success({
        close: () => {
          port.off('message', listen);
          return Promise.resolve();
        },
      });
    },
  };
}
