import { z } from 'zod';

const said = { by: z.string(), why: z.string(), at: z.string() };

/** What a restart would come up as: the same; killed, though the file does not say all of this; or nobody can tell. */
export const afterRestartSchema = z.enum(['same', 'killed', 'unknown']);

export type AfterRestart = z.infer<typeof afterRestartSchema>;

/** The latch as people see it. `by`, `why`, `at` (ISO 8601 UTC): who killed or armed it, and who blocked a key. */
export const latchStateSchema = z.object({
  killed: z.boolean(),
  /** key ids */
  blocked: z.array(z.string()).readonly(),
  blocks: z.array(z.object({ key: z.string(), ...said }).readonly()).readonly(),
  ...said,
  /** why the file made it killed at start, a sentence; '' when it did not. Blocks of before are not known then. */
  problem: z.string(),
  restart: afterRestartSchema,
  /**
   * One more with each pull of the switch, also of one that was killed already; another start of the proxy has other numbers. Older
   * proxies do not say.
   */
  kills: z.int().min(0).optional(),
  /** later pulls that were written past a proxy that was killed, oldest first, the newest of many; left out where there are none */
  pulls: z.array(z.object(said)).readonly().optional(),
});

export type LatchState = Readonly<z.infer<typeof latchStateSchema>>;
