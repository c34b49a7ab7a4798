import { z } from 'zod';

/** What an HSM process tells the proxy. A vendor's library runs there: nothing is taken for what its sender says it is. */
const text = z.string().max(256);

export const fromProcess = z.discriminatedUnion('is', [
  /** logged in; `slot` is the slot's id as the binding has it */
  z.strictObject({
    is: z.literal('ready'),
    slot: z.string().regex(/^([0-9a-f]{8}|[0-9a-f]{16})$/),
    token: z.strictObject({ serial: text, label: text, manufacturer: text, model: text, initialised: z.boolean() }),
  }),
  /** C_Login comes next */
  z.strictObject({ is: z.literal('loggingIn') }),
  z.strictObject({ is: z.literal('failed'), phase: z.enum(['module', 'token', 'session', 'login']), reason: text }),
  /** `problem` '' when it was made and read back */
  z.strictObject({ is: z.literal('keyMade'), problem: text }),
]);

export type FromProcess = z.infer<typeof fromProcess>;
