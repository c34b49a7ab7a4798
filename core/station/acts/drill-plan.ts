import { canonical } from '../../evidence/canonical';
import { success } from '../../contract/result';
import { healthBody } from '../../as-kms/bodies';
import { openCaller } from '../../as-kms/caller';
import { jsonOf, type Exchange } from '../../as-kms/exchange';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act } from './act';
import { kmsKeyArn } from './kms-plan';
import { asKms } from './proxy-caller';
import { proxyToBeginWith } from './proxy-place';
import { deploymentHere } from './proxy-settings';
import { storeIdOf, storePlan } from './store-plan';

/** A station is busy with its rehearsal: what counts is the answer. */
const TIMEOUT_MS = 5_000;

/** What the drill stops and for whom: key, key store, and how many proxies say that they are behind the endpoint. */
export const drillPlan: Act = async (context) => {
  const proxy = await proxyToBeginWith(context);
  if (!proxy.ok) return proxy;
  const status = await proxy.value.ask({ verb: 'status' });
  if (!status.ok) return status;
  const deployment = await deploymentHere(context);
  if (!deployment.ok) return deployment;
  const ready = await asKms(context);
  if (!ready.ok) return ready;
  const caller = openCaller(ready.value.store, { tls: ready.value.tls, timeoutMs: TIMEOUT_MS });
  const health = await caller.call('GetHealthStatus', '', healthBody()).finally(() => caller.close());
  const fleet = fleetOf(health);
  const { latch, pid } = status.value;
  const { storeName, region } = storePlan(context.state);
  const keyArn = kmsKeyArn(context.state);
  const storeId = storeIdOf(context.state);
  const text = canonical({ format: 'keyrite-drill-plan-1', region, storeId, keyArn, instances: deployment.value.fleetSize });
  const planned = deployment.value.fleetSize;
  return success(
    outcome({
      data: { storeId, keyArn, fleet },
      values: { 'drill.digest': sha256Text(text) },
      checks: [
        check(
          'CER-DRILL-ARMED',
          !latch.killed,
          'armed before the drill',
          latch.killed ? `killed by ${latch.by}` : 'armed before the drill',
        ),
        check('CER-DRILL-FLEET', fleet === planned, `${planned} behind the endpoint`, `${fleet} behind the endpoint`),
      ],
      show: [
        facts('What will be stopped', [
          ['Key store', `${storeName} ${storeId}`, true],
          ['KMS key', keyArn, true],
          ['Proxies behind the endpoint', `${fleet}, by the settings of the one that answered`],
          ['Process', String(pid)],
          ['Ends', 'every Encrypt and Decrypt of this key store, at once'],
          ['Goes on', 'whatever holds a data key in memory'],
        ]),
      ],
      artefacts: [jsonArtefact('drill-plan.json', text)],
    }),
  );
};

/** xksProxyFleetSize of GetHealthStatus; 0: it does not say. */
function fleetOf(exchange: Exchange): number {
  const json = exchange.kind === 'answer' && exchange.status === 200 ? jsonOf(exchange) : null;
  const size = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)['xksProxyFleetSize'] : 0;
  return typeof size === 'number' ? size : 0;
}
