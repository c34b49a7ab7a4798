import { errorNameOf, inWords, jsonOf, type Exchange } from './exchange';
import { fails, type Judgement } from './judgement';

type Diagnosis = Pick<Judgement, 'means' | 'remedy' | 'kmsSays'>;

/** What KMS reports when connecting a key store ends like this, and what helps (Developer Guide, connection error codes). */
const DIAGNOSES = {
  unreachable: {
    kmsSays: 'XKS_PROXY_NOT_REACHABLE',
    means: 'KMS cannot connect the key store.',
    remedy: 'Check name, port, route and firewall, the targets of the load balancer, and whether the proxy runs.',
  },
  timeout: {
    kmsSays: 'XKS_PROXY_TIMED_OUT',
    means: 'KMS gives up after 250 ms and one more attempt.',
    remedy: 'Look where the time goes: queue, HSM, network to the HSM. The way from KMS to the HSM should take at most 35 ms.',
  },
  tls: {
    kmsSays: 'XKS_PROXY_INVALID_TLS_CONFIGURATION',
    means: 'KMS ends the handshake and cannot connect the key store.',
    remedy: 'Check certificate, full chain, host name, expiry and that TLS 1.2 or 1.3 is offered.',
  },
  credential: {
    kmsSays: 'INVALID_CREDENTIALS',
    means: 'KMS cannot sign in with this credential.',
    remedy:
      'Compare access key id, secret and Region with the proxy’s settings, compare the clocks, and see that nothing in between rewrites the Host header or the body.',
  },
  denied: {
    kmsSays: 'XKS_PROXY_ACCESS_DENIED',
    means: 'KMS is refused by a policy of the proxy.',
    remedy: 'Exempt GetHealthStatus from the policy and let it allow what KMS asks for.',
  },
  path: {
    kmsSays: 'XKS_PROXY_INVALID_CONFIGURATION',
    means: 'KMS asks at a path the proxy does not know.',
    remedy: 'Compare XksProxyUriPath with the prefixes in the proxy’s settings.',
  },
  response: {
    kmsSays: 'XKS_PROXY_INVALID_RESPONSE',
    means: 'KMS cannot interpret the response.',
    remedy: 'Find out who answered: a load balancer’s error page is not JSON. Otherwise the proxy’s log says why.',
  },
} as const satisfies Record<string, Diagnosis>;

function diagnosisOf(exchange: Exchange): Diagnosis {
  if (exchange.kind === 'broken') return DIAGNOSES.response;
  if (exchange.kind !== 'answer') return DIAGNOSES[exchange.kind];
  if (jsonOf(exchange) === undefined) return DIAGNOSES.response;
  switch (errorNameOf(exchange)) {
    case 'AuthenticationFailedException':
      return DIAGNOSES.credential;
    case 'AccessDeniedException':
      return DIAGNOSES.denied;
    case 'InvalidUriPathException':
      return DIAGNOSES.path;
    case 'DependencyTimeoutException':
      return DIAGNOSES.timeout;
    case 'ThrottlingException':
      return DIAGNOSES.unreachable;
    default:
      return DIAGNOSES.response;
  }
}

/** More than this apart, and five minutes of tolerance are soon used up. */
const CLOCK_TOLERANCE_MS = 60_000;

/** How far the proxy's clock, as its Date header has it, is from ours; '' when it is near or unknown. */
export function clockDifference(exchange: Exchange, now: number): string {
  const theirs = exchange.kind === 'answer' ? Date.parse(exchange.date) : NaN;
  const apart = theirs - now;
  if (!(Math.abs(apart) > CLOCK_TOLERANCE_MS)) return '';
  return `the proxy’s clock is ${Math.round(Math.abs(apart) / 1000)} s ${apart > 0 ? 'ahead of' : 'behind'} this machine’s`;
}

/** An answer that connecting the key store would end with. */
export function connectionWouldFail(exchange: Exchange, now: number): Judgement {
  const clock = clockDifference(exchange, now);
  return fails(clock === '' ? inWords(exchange) : `${inWords(exchange)}; ${clock}`, diagnosisOf(exchange));
}
