import { z } from 'zod';
import { ERROR_CODES } from '../contract/errors';
import type { Failure } from '../contract/result';
import { envelopeSchema } from './contract';

/**
 * What the proxy's process and the one that supervises it say to each other, over the IPC channel of a fork (advanced serialization,
 * so that bytes are bytes) or the port of a utility process. Each message is told by the member it begins with.
 */

/** Ends in order: requests under way are answered first. */
export const STOP_MESSAGE = { keyriteStop: true } as const;

export const READY_MESSAGE = { keyriteProxy: 'ready' } as const;

/** Why it does not start; its end follows. */
export function notStartedMessage({ code, detail }: Failure): unknown {
  return { keyriteProxy: 'notStarted', code, detail: { ...detail } };
}

const detail = z.record(z.string().max(60), z.union([z.string().max(2000), z.number(), z.boolean()]));

/** From the proxy. It believes its parent; the parent does not believe it: a vendor's library is only a process away. */
export const fromProxySchema = z.union([
  z.strictObject({ keyriteProxy: z.literal('ready') }),
  z.strictObject({ keyriteProxy: z.literal('notStarted'), code: z.enum(ERROR_CODES), detail }),
  z.strictObject({ keyriteSecretWanted: z.string().max(300) }),
  z.strictObject({ keyriteControl: z.int().min(0), answer: envelopeSchema }),
]);

export type FromProxy = z.infer<typeof fromProxySchema>;
