import { BRIDGE, type BridgeFunctions } from '../../core/contract/bridge';
import { failure, type Result } from '../../core/contract/result';
import type { z } from 'zod';
import type { WindowKind } from '../windows';
import { isTooLarge, overwriteBytes } from './input';

/** The projector's whole share of the bridge. What is not a member here cannot be called from there. */
export interface ProjectorFunctions {
  readonly app: Pick<BridgeFunctions['app'], 'info'>;
  readonly ceremony: Pick<BridgeFunctions['ceremony'], 'current'>;
}

export interface Tables {
  readonly main: BridgeFunctions;
  readonly projector: ProjectorFunctions;
}

/** What the door tells the log: a refusal by reason, a bug once. Inputs are never told. */
export interface DoorLog {
  readonly refused: (reason: 'sender' | 'verb' | 'input', what: string) => void;
  readonly fault: (where: string, cause: unknown) => string;
}

export type Door = (caller: WindowKind | null, area: unknown, verb: unknown, input: unknown) => Promise<Result<unknown>>;

type Handler = (input: unknown) => Promise<Result<unknown>>;

/** Own members only: `__proto__` or `constructor` are no verbs. */
function member(table: object, name: unknown): unknown {
  return typeof name === 'string' && Object.hasOwn(table, name) ? (table as Record<string, unknown>)[name] : undefined;
}

function find(table: object, area: unknown, verb: unknown): { readonly handler: Handler; readonly schema: z.ZodType } | null {
  const handler = member((member(table, area) as object | undefined) ?? {}, verb) as Handler | undefined;
  const contract = member((member(BRIDGE, area) as object | undefined) ?? {}, verb) as { readonly input: z.ZodType } | undefined;
  return handler && contract ? { handler, schema: contract.input } : null;
}

/** Where in the input the schema was not met. zod's messages are left out: some repeat what was given. */
function placesOf(error: z.ZodError): string {
  return [...new Set(error.issues.map((issue) => issue.path.join('.') || '(input)'))].slice(0, 5).join(', ');
}

/**
 * The one door between pages and main: who asks (judged by `callerOf`), is there such a verb for that window, does the input fit its
 * schema; then the handler. Everything expected comes back as a `Result`, a bug as `bridge.fault` with its incident number.
 * Byte arrays in the input are secrets: they are overwritten when the answer is there, whatever happened.
 */
export function openDoor(tables: Tables, log: DoorLog): Door {
  const refuse = (reason: 'sender' | 'verb' | 'input', what: string): Result<never> => {
    log.refused(reason, what);
    return failure('bridge.refused', { reason });
  };
  const answer: Door = async (caller, area, verb, input) => {
    if (caller === null) return refuse('sender', 'call');
    const found = find(tables[caller], area, verb);
    if (!found) return refuse('verb', caller);
    const what = `${String(area)}.${String(verb)}`;
    if (isTooLarge(input)) return refuse('input', what);
    const parsed = found.schema.safeParse(input);
    if (!parsed.success) {
      log.refused('input', what);
      return failure('input.invalid', { what, where: placesOf(parsed.error) });
    }
    try {
      return await found.handler(parsed.data);
    } catch (cause) {
      return failure('bridge.fault', { incident: log.fault(what, cause) });
    }
  };
  return async (caller, area, verb, input) => {
    try {
      return await answer(caller, area, verb, input);
    } finally {
      overwriteBytes(input);
    }
  };
}
