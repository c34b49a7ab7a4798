import { healthBody } from '../bodies';
import { connectionWouldFail } from '../connection-error';
import { inWords, type Exchange } from '../exchange';
import { fails, holds, warns, type Judgement } from '../judgement';
import { proxyCase, type ProxyCase } from '../proxy-case';

export function judgeReach(exchange: Exchange): Judgement {
  return exchange.kind === 'answer'
    ? holds(`answered after ${Math.ceil(exchange.ms)} ms, with set-up`)
    : connectionWouldFail(exchange, Date.now());
}

/** Two calls in a row over one connection. */
export function judgeReuse(second: Exchange): Judgement {
  if (second.kind !== 'answer') return fails(inWords(second));
  return second.isReused
    ? holds('the second call came over the same connection')
    : warns('the proxy closes the connection after an answer');
}

export const CONNECTION_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'reach',
    theme: 'connection',
    needs: 'nothing',
    expects: 'The proxy can be reached and answers HTTP/1.1 in time, set-up of the connection included.',
    means: 'KMS cannot connect the key store.',
    remedy: 'Mend this first.',
    run: (session) => session.firstHealth(),
    judge: judgeReach,
  }),
  proxyCase({
    name: 'keep-alive',
    theme: 'connection',
    needs: 'connection',
    expects: 'A connection serves more than one call.',
    means: 'Every call pays for TCP and TLS out of its 250 ms.',
    remedy: 'Switch keep-alive on, at the proxy and at what stands in front of it.',
    run: async (session) => {
      await session.send('GetHealthStatus', healthBody());
      return session.send('GetHealthStatus', healthBody());
    },
    judge: judgeReuse,
  }),
];
