import { XKS_STATUS, type XksErrorName } from '../xks/errors';
import { errorNameOf, inWords, jsonOf, type Exchange } from './exchange';
import { fails, gravest, holds, warns, type Judgement } from './judgement';

/** One request of a case, by what is special about it, and what came. */
export interface Probe {
  readonly what: string;
  readonly exchange: Exchange;
}

/** Sends one after the other: a proxy under test is not to be loaded as well. */
export async function probes(requests: Readonly<Record<string, () => Promise<Exchange>>>): Promise<readonly Probe[]> {
  const done: Probe[] = [];
  for (const [what, request] of Object.entries(requests)) done.push({ what, exchange: await request() });
  return done;
}

/** Judges each; where all hold, says in one line what came. */
export function each(judgeOne: (probe: Probe) => Judgement): (seen: readonly Probe[]) => Judgement {
  return (seen) => {
    const worst = gravest(seen.map((probe) => judgeOne(probe)));
    if (worst.outcome !== 'holds') return worst;
    return holds([...new Set(seen.map(({ exchange }) => inWords(exchange).replace(/ \(".*"\)$/, '')))].join(', '));
  };
}

export function isSuccess(exchange: Exchange): boolean {
  return exchange.kind === 'answer' && exchange.status === 200 && jsonOf(exchange) !== undefined;
}

/** Is it this error with its own status, in JSON? */
export function isRefusal(exchange: Exchange, name: XksErrorName): boolean {
  return exchange.kind === 'answer' && exchange.status === XKS_STATUS[name] && errorNameOf(exchange) === name;
}

/** Every request has to be refused with one of these errors and the status that belongs to it. */
export function refusedWith(...names: readonly XksErrorName[]): (seen: readonly Probe[]) => Judgement {
  return each(({ what, exchange }) =>
    names.some((name) => isRefusal(exchange, name)) ? holds(inWords(exchange)) : fails(`${what}: ${inWords(exchange)}`),
  );
}

/** Every request has to succeed. */
export const succeeded = each(({ what, exchange }) =>
  isSuccess(exchange) ? holds(inWords(exchange)) : fails(`${what}: ${inWords(exchange)}`),
);

/** Some callers are kept out on purpose: that is for people to know, and no fault of the proxy. */
export function deniedByPolicy(what: string): Judgement {
  return warns(`${what}: 403, a policy of the proxy denies it`, {
    means: 'Such calls of KMS end with access denied.',
    remedy: 'Nothing, if the policy means it; otherwise let it allow them.',
  });
}

/** As `succeeded`; but a policy of the proxy may deny this caller or operation with 403. */
export const succeededOrDenied = each(({ what, exchange }) => {
  if (isSuccess(exchange)) return holds(inWords(exchange));
  return isRefusal(exchange, 'AccessDeniedException') ? deniedByPolicy(what) : fails(`${what}: ${inWords(exchange)}`);
});
