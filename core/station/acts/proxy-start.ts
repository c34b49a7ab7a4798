import { failure, success } from '../../contract/result';
import type { ProxyStatus } from '../../contract/proxy-status';
import type { ShowBlock } from '../../keys/evidence';
import { check, facts, outcome, type Act } from './act';
import { filesNotApproved } from './proxy-install';
import { untilProxy } from './until-proxy';
import { ownProxy } from './proxy-place';

/** It answers before its sessions are open and its health is proven, ms. */
const SESSION_MS = 30_000;

/** Starts the proxy of this station under its supervisor. The PIN goes to it in one message and is tried once. */
export const proxyStart: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  // some steps and maybe days after they were approved
  const other = await filesNotApproved(context);
  if (!other.ok) return other;
  if (other.value.length > 0) return failure('proxy.filesChanged', { files: other.value.join(', ') });
  const started = await proxy.value.start(context.pin === null ? null : Uint8Array.from(context.pin));
  if (!started.ok) return started;
  const up = await untilProxy(
    proxy.value,
    (status) => status.hsm.condition === 'serving' && status.health.at !== null,
    SESSION_MS,
  );
  if (!up.ok) return up;
  const { hsm, latch, health, pid, audit } = up.value;
  return success(
    outcome({
      data: { pid, head: audit.head },
      checks: [
        check(
          'CER-PROXY-SERVING',
          hsm.condition === 'serving',
          'serving',
          `${hsm.condition}${hsm.problem && `: ${hsm.problem}`}`,
        ),
        check('CER-PROXY-ARMED', !latch.killed, 'armed', latch.killed ? `killed: ${latch.problem || latch.why}` : 'armed'),
      ],
      show: [
        proxyFacts('The proxy', up.value),
        facts('Health', [
          ['State', health.state],
          ['Problem', health.problem],
        ]),
      ],
    }),
  );
};

/** What a running proxy says of itself, for people. */
export function proxyFacts(
  title: string,
  { version, listeners, hsm, stores, certificate, audit, latch }: ProxyStatus,
): ShowBlock {
  return facts(title, [
    ['Version', version],
    ['Latch', latch.killed ? 'KILLED' : 'armed'],
    ['Listens on', listeners.map(({ address }) => address).join(', '), true],
    ['HSM', `${hsm.condition}, ${hsm.sessions.ready} of ${hsm.sessions.wanted} sessions`],
    ['Token', hsm.token === null ? '' : `${hsm.token.serial} ${hsm.token.label}`, true],
    ['Paths', stores.map(({ uriPath }) => uriPath).join(', '), true],
    ['Certificate until', certificate?.notAfter ?? 'none'],
    ['Head of its log', audit.head, true],
  ]);
}
