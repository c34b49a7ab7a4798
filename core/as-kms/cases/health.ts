import { z } from 'zod';
import { healthBody } from '../bodies';
import { connectionWouldFail } from '../connection-error';
import { inWords, jsonOf, type Exchange } from '../exchange';
import { fails, holds, warns, type Judgement } from '../judgement';
import { probes, isRefusal, succeeded, type Probe } from '../probes';
import { proxyCase, type ProxyCase } from '../proxy-case';

const word = z.string().min(1);

const healthAnswer = z.looseObject({
  xksProxyFleetSize: z.int().positive(),
  xksProxyVendor: word,
  xksProxyModel: word,
  ekmVendor: word,
  ekmFleetDetails: z
    .array(z.looseObject({ id: word, model: word, healthStatus: z.enum(['ACTIVE', 'DEGRADED', 'UNAVAILABLE']) }))
    .min(1)
    .max(10),
});

function judgeStates({ ekmFleetDetails: fleet }: z.infer<typeof healthAnswer>): Judgement {
  const states = fleet.map(({ healthStatus }) => healthStatus);
  const seen = `${states.length} in the fleet: ${states.join(', ')}`;
  if (states.every((state) => state === 'UNAVAILABLE'))
    return fails(seen, {
      means: 'With every key manager UNAVAILABLE, KMS does not connect the key store.',
      remedy: 'Look at the HSM and at why the proxy cannot use it; a proxy that was killed on purpose answers like this too.',
      kmsSays: 'XKS_PROXY_NOT_REACHABLE',
    });
  if (states.every((state) => state === 'ACTIVE')) return holds(seen);
  return warns(seen, {
    means: 'KMS counts these states in XksExternalKeyManagerStates.',
    remedy: 'Look at the HSM that is not ACTIVE.',
  });
}

/** @param now Unix time in ms, to compare with the proxy's clock */
export function judgeHealth(exchange: Exchange, now: number): Judgement {
  if (exchange.kind !== 'answer' || exchange.status !== 200) return connectionWouldFail(exchange, now);
  const read = healthAnswer.safeParse(jsonOf(exchange));
  if (read.success) return judgeStates(read.data);
  const [issue] = read.error.issues;
  return fails(`${issue?.path.join('.') || 'the body'} is not as it must be`);
}

/** KMS alarms above this average. */
const SLOW_MS = 200;

export function judgeHealthSpeed(seen: readonly Probe[]): Judgement {
  const answered = succeeded(seen);
  if (answered.outcome !== 'holds') return answered;
  const slowest = Math.ceil(Math.max(...seen.map(({ exchange }) => exchange.ms)));
  return slowest < SLOW_MS
    ? holds(`the slowest of ${seen.length} took ${slowest} ms`)
    : warns(`the slowest of ${seen.length} took ${slowest} ms`);
}

/** The specification's table has no such pair, its test suite asks for it: so no more than a warning. */
export function judgeBadHealth(seen: readonly Probe[]): Judgement {
  const other = seen.find(({ exchange }) => !isRefusal(exchange, 'ValidationException'));
  return other ? warns(`${other.what}: ${inWords(other.exchange)}`) : holds('400 ValidationException');
}

const RESPONSE = 'XKS_PROXY_INVALID_RESPONSE';

export const HEALTH_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'health',
    theme: 'health',
    needs: 'connection',
    expects: 'GetHealthStatus names fleet size, vendor, model and 1 to 10 key managers with their states.',
    means: 'KMS cannot interpret the response and does not connect the key store.',
    remedy: 'Answer every member of the specification’s table, with a fleet of 1 to 10 entries.',
    kmsSays: RESPONSE,
    run: async (session) => ({ exchange: await session.send('GetHealthStatus', healthBody()), now: session.now() }),
    judge: ({ exchange, now }) => judgeHealth(exchange, now),
  }),
  proxyCase({
    name: 'health-operations',
    theme: 'health',
    needs: 'credential',
    expects: 'Every kmsOperation is answered, one that does not exist yet too, and members nobody knows are passed over.',
    means: 'Connecting, or a later version of KMS, would fail.',
    remedy: 'Do not judge kmsOperation or kmsRequestId, and ignore unknown members.',
    kmsSays: RESPONSE,
    run: (session) =>
      probes({
        CreateCustomKeyStore: () => session.send('GetHealthStatus', healthBody('CreateCustomKeyStore')),
        ConnectCustomKeyStore: () => session.send('GetHealthStatus', healthBody('ConnectCustomKeyStore')),
        UpdateCustomKeyStore: () => session.send('GetHealthStatus', healthBody('UpdateCustomKeyStore')),
        'an unknown operation': () => session.send('GetHealthStatus', healthBody('SomethingNew')),
        'unknown members': () =>
          session.send('GetHealthStatus', {
            requestMetadata: { kmsRequestId: 'no-uuid', kmsOperation: 'KmsHealthCheck', sourceIdentity: { of: ['later'] } },
            somethingNew: true,
          }),
      }),
    judge: succeeded,
  }),
  proxyCase({
    name: 'health-speed',
    theme: 'health',
    needs: 'credential',
    expects: 'GetHealthStatus answers at once: from a result in the background, not by asking the HSM each time.',
    means: 'A slow HSM would let KMS take the key store for gone.',
    remedy: 'Check health in the background and answer the last result, at most a minute old.',
    kmsSays: 'XKS_PROXY_TIMED_OUT',
    run: (session) =>
      probes(Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`call ${n}`, () => session.send('GetHealthStatus', healthBody())]))),
    judge: judgeHealthSpeed,
  }),
  proxyCase({
    name: 'health-bad-body',
    theme: 'health',
    needs: 'credential',
    expects: 'A body without what is required is a ValidationException.',
    means: 'AWS’s test client counts it as an error.',
    remedy: 'Validate requestMetadata in GetHealthStatus as well.',
    run: (session) =>
      probes({
        'no requestMetadata': () => session.send('GetHealthStatus', {}),
        'no kmsOperation': () => session.send('GetHealthStatus', { requestMetadata: { kmsRequestId: 'a' } }),
      }),
    judge: judgeBadHealth,
  }),
];
