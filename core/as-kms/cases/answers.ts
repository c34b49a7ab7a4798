import { XKS_STATUS, MESSAGE_LENGTH_LIMIT, printable } from '../../xks/errors';
import { XKS_BASE } from '../../xks/uri';
import { encryptBody, healthBody, metadataBody } from '../bodies';
import { errorNameOf, inWords, jsonOf, textIn, type Exchange } from '../exchange';
import { fails, gravest, holds, untested, type Judgement } from '../judgement';
import { proxyCase, type ProxyCase } from '../proxy-case';
import type { Session } from '../session';
import { plainOf } from './encrypt';

/** Draws one error of each kind, for the case that was asked for alone, and hands over all answers of this run. */
async function errorsSeen(session: Session): Promise<readonly Exchange[]> {
  const unsigned = {
    afterSigning: (request: { headers: Readonly<Record<string, string>>; path: string; method: string; body: string }) => ({
      ...request,
      headers: { host: request.headers['host'] ?? '' },
    }),
  };
  await session.send('GetHealthStatus', healthBody(), unsigned);
  await session.send('GetHealthStatus', healthBody(), { path: `/keyrite-proxy-test-no-such-prefix${XKS_BASE}/health` });
  await session.send('Encrypt', encryptBody(session.who, plainOf(16)), { rawBody: '{' });
  await session.send('GetKeyMetadata', metadataBody(session.who), { keyId: 'keyrite-proxy-test.no-such-key' });
  await session.send('GetKeyMetadata', metadataBody(session.who));
  return session.seen;
}

/** 405 has no error of the specification, so nothing is asked of its body. */
function isJudged(exchange: Exchange): exchange is Exchange & { kind: 'answer' } {
  return exchange.kind === 'answer' && exchange.status !== 405;
}

export function judgeErrorBody(exchange: Exchange & { readonly kind: 'answer' }): Judgement {
  if (exchange.status === 200) return holds('');
  const name = errorNameOf(exchange);
  if (!Object.hasOwn(XKS_STATUS, name)) return fails(inWords(exchange));
  const status = XKS_STATUS[name as keyof typeof XKS_STATUS];
  if (status !== exchange.status) return fails(`${name} came with ${exchange.status}, it belongs to ${status}`);
  const message = textIn(exchange, 'errorMessage');
  if (message.length >= MESSAGE_LENGTH_LIMIT) return fails(`${name}: errorMessage has ${message.length} characters`);
  if (printable(message) !== message) return fails(`${name}: errorMessage holds other than printable ASCII`);
  return holds(name);
}

export function judgeErrorBodies(seen: readonly Exchange[]): Judgement {
  const judged = seen.filter(isJudged);
  const errors = judged.filter(({ status }) => status !== 200);
  if (errors.length === 0) return untested('no error was seen');
  const worst = gravest(errors.map(judgeErrorBody));
  return worst.outcome === 'holds'
    ? holds(`${errors.length} errors, each with a name of the specification and its status`)
    : worst;
}

export function judgeContentTypes(seen: readonly Exchange[]): Judgement {
  const judged = seen.filter(isJudged);
  if (judged.length === 0) return untested('no answer was seen');
  const odd = judged.find((exchange) => !/^application\/json\s*(;|$)/i.test(exchange.contentType));
  if (odd) return fails(`${odd.contentType || 'none'} with ${inWords(odd)}`);
  return holds(
    `application/json in ${judged.length} answers${judged.every((it) => jsonOf(it) !== undefined) ? ', and JSON it was' : ''}`,
  );
}

export const ANSWER_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'error-bodies',
    theme: 'answers',
    needs: 'credential',
    expects: 'Errors hold an errorName that fits the status, and a message of printable ASCII under 512 characters.',
    means: 'KMS cannot interpret the response, and people read nothing useful in its logs.',
    remedy: 'Make every error, of the framework and the load balancer too, the specification’s JSON.',
    kmsSays: 'XKS_PROXY_INVALID_RESPONSE',
    run: errorsSeen,
    judge: judgeErrorBodies,
  }),
  proxyCase({
    name: 'content-type',
    theme: 'answers',
    needs: 'credential',
    expects: 'Every answer says application/json.',
    means: 'KMS may not interpret the response.',
    remedy: 'Set Content-Type: application/json on successes and errors.',
    kmsSays: 'XKS_PROXY_INVALID_RESPONSE',
    run: errorsSeen,
    judge: judgeContentTypes,
  }),
];
