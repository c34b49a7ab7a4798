import { canonical } from '../../evidence/canonical';
import type { ProxyStatus } from '../../contract/proxy-status';
import { failure, success, type Result } from '../../contract/result';
import { eachOnce, killsSinceArmed, type RecordedKill } from '../../pack/audit-kills';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { untilProxy } from './until-proxy';
import { ownProxy, proxyToBeginWith } from './proxy-place';
import { deploymentHere } from './proxy-settings';
import { proxyFacts } from './proxy-start';

/** How long sessions may take to come back after arming, ms: the token is logged into anew, and health is proven with its own key. */
const RETURN_MS = 60_000;

/** Who killed the proxy, when and why, and what arming does. The digest that is approved is of exactly this. */
export const proxyPlanArm: Act = async (context) => {
  const proxy = await proxyToBeginWith(context);
  if (!proxy.ok) return proxy;
  const status = await proxy.value.ask({ verb: 'status' });
  if (!status.ok) return status;
  const { latch, stores } = status.value;
  const kills = await killsOf(context, latch);
  if (!kills.ok) return kills;
  const paths = stores.map(({ uriPath }) => uriPath);
  const text = canonical({
    format: 'keyrite-arming-1',
    killedAt: latch.at,
    killedBy: latch.by,
    why: latch.why,
    problem: latch.problem,
    kills: kills.value.map((kill) => ({ ...kill })),
    paths,
    stayBlocked: [...latch.blocked],
  });
  return success(
    outcome({
      data: { killedAt: latch.at, killedBy: latch.by, kills: kills.value.map((kill) => ({ ...kill })) },
      values: { 'arming.digest': sha256Text(text) },
      checks: [check('CER-ARM-KILLED', latch.killed, 'killed', latch.killed ? 'killed' : 'it is armed already')],
      show: [
        facts('What arming does', [
          ['Killed by', latch.by || 'nobody said'],
          ['Killed at', latch.at],
          ['Why', latch.why || 'nobody said'],
          ['Found killed because', latch.problem],
          ['Will serve again', paths.join(', '), true],
          ['Stay blocked', latch.blocked.join(', ') || 'no key'],
        ]),
        {
          kind: 'table',
          title: 'Every pull of the switch since it served last',
          columns: ['At', 'Who', 'Why'],
          rows: kills.value.map(({ at, who, why }) => [at, who, why]),
          empty: 'The log of the proxy has none.',
        },
      ],
      artefacts: [jsonArtefact('arming.json', text)],
    }),
  );
};

/** By the proxy's own log; a proxy that was not set up by a ceremony has one that this station does not know, but for what its latch says. */
async function killsOf(context: ActContext, { pulls = [] }: ProxyStatus['latch']): Promise<Result<readonly RecordedKill[]>> {
  const pastProxy = pulls.map(({ at, by, why }) => ({ at, who: by, why }));
  const deployment = await deploymentHere(context);
  if (!deployment.ok) return deployment.error.code === 'proxy.notSetUp' ? success(pastProxy) : deployment;
  const recorded = await killsSinceArmed(deployment.value.auditFolder);
  return recorded.ok ? success(eachOnce([...recorded.value, ...pastProxy])) : recorded;
}

/** The latch by itself as well: the log is read where the plan of the deployment says, and the proxy may write it elsewhere. */
function isAsApproved({ state }: ActContext, latch: ProxyStatus['latch'], kills: readonly RecordedKill[]): boolean {
  const { killedAt = '', killedBy = '', kills: approved = [] } = state.data['proxy.planArm'] ?? {};
  // a latch that was lost is found again at each start
  const at = latch.problem === '' ? latch.at : killedAt;
  const now = { at, by: latch.by, kills: kills.map((kill) => ({ ...kill })) };
  return canonical(now) === canonical({ at: killedAt, by: killedBy, kills: approved });
}

/** Flips the latch back, and waits until the HSM answers for it. */
export const proxyArm: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  // first, so that a pull after this look is counted against it
  const before = await proxy.value.ask({ verb: 'status' });
  if (!before.ok) return before;
  // armed, it would serve nobody before a person gives the PIN: first that
  if (before.value.hsm.loggedOut !== 'no') return failure('proxy.loggedOut');
  const kills = await killsOf(context, before.value.latch);
  if (!kills.ok) return kills;
  // somebody pulled the switch after people read who had: what they approved is not what would be undone. One that is armed was
  // armed by this very act, if the program died before it could say so.
  if (before.value.latch.killed && !isAsApproved(context, before.value.latch, kills.value))
    return failure('ceremony.differs', { what: 'kills', found: kills.value.at(-1)?.who ?? '' });
  const { ceremonyId } = context.state.genesis.data;
  const why = context.state.values['reason'] ?? '';
  const armed = await proxy.value.ask({
    verb: 'arm',
    act: { who: ceremonyId, why: why === '' ? 'approved in this ceremony' : why },
    ...(before.value.latch.kills !== undefined && { kills: before.value.latch.kills }),
  });
  if (!armed.ok) return armed;
  const armedAt = context.now().toISOString();
  const status = await untilProxy(proxy.value, ({ health }) => health.state === 'ACTIVE', RETURN_MS);
  if (!status.ok) return status;
  const { latch, hsm, health } = status.value;
  return success(
    outcome({
      data: { armedAt, recorded: armed.value.recorded },
      checks: [
        check('CER-ARM-ARMED', !latch.killed, 'armed', latch.killed ? 'killed' : 'armed'),
        check('CER-ARM-HEALTHY', health.state === 'ACTIVE', 'ACTIVE', `${health.state}${hsm.problem && `: ${hsm.problem}`}`),
      ],
      show: [proxyFacts('The proxy', status.value)],
    }),
  );
};
