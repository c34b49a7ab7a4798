import { success } from '../../contract/result';
import { check, outcome, type Act } from './act';
import { proxyToBeginWith } from './proxy-place';
import { proxyFacts } from './proxy-start';
import { untilProxy } from './until-proxy';

/** A proxy that was just started or armed proves its health with a key of its own first, ms. */
const HEALTH_MS = 30_000;

/** The proxy of this station as it is: what a ceremony about a running one begins with. */
export const proxyLook: Act = async (context) => {
  const proxy = await proxyToBeginWith(context);
  if (!proxy.ok) return proxy;
  const status = await untilProxy(proxy.value, ({ health, latch }) => latch.killed || health.state === 'ACTIVE', HEALTH_MS);
  if (!status.ok) return status;
  const { hsm, latch, health } = status.value;
  return success(
    outcome({
      data: { pid: status.value.pid },
      checks: [
        check('CER-PROXY-ARMED', !latch.killed, 'armed', latch.killed ? `killed by ${latch.by}` : 'armed'),
        check('CER-PROXY-SERVING', health.state === 'ACTIVE', 'ACTIVE', `${health.state}${hsm.problem && `: ${hsm.problem}`}`),
      ],
      show: [proxyFacts('The proxy', status.value)],
    }),
  );
};
