import { policyTrialOrder } from '../core/contract/policy-trial';
import { tryPolicyText } from './authorize/trial-report';
import { parentHere, type Parent } from './run/parent';

/**
 * A process that tries one policy on the newest requests of an audit log: one order by message, one answer, and its end. The desktop
 * app starts it beside the proxy, whose own process never judges a candidate: a policy that takes an engine down takes this one.
 */

/** By then it has ended, whatever it was doing, ms. */
const LIFE_MS = 30_000;
/** How long it stays after its answer, so that this is out, ms. Whoever asked ends it before. */
const FAREWELL_MS = 1_000;

function orderOf(parent: Parent): Promise<unknown> {
  return new Promise((resolve) => {
    const hear = (message: unknown): void => {
      parent.off('message', hear);
      resolve(message);
    };
    parent.on('message', hear);
  });
}

async function tryOne(parent: Parent): Promise<void> {
  parent.onGone(() => process.exit(1));
  setTimeout(() => process.exit(3), LIFE_MS);
  const order = policyTrialOrder.safeParse(await orderOf(parent));
  if (!order.success) process.exit(2);
  parent.send(await tryPolicyText(order.data));
  setTimeout(() => process.exit(0), FAREWELL_MS);
}

const parent = parentHere();
if (parent === null) {
  process.stderr.write('This process is started by Keyrite, not by hand. By hand: keyrite policy try.\n');
  process.exit(2);
}
await tryOne(parent);
