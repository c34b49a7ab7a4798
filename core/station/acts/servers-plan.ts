import { canonical } from '../../evidence/canonical';
import { success } from '../../contract/result';
import { sha256Text } from '../../pack/sha256';
import { facts, jsonArtefact, outcome, type Act } from './act';
import { kmsKeyArn } from './kms-plan';
import { fleetSizeOf, storeIdOf, storePlan } from './store-plan';

/** What a drill on servers stops and for whom. Nobody is asked: the hosts are out of reach, and people counted them. */
export const serversPlanDrill: Act = (context) => {
  const { storeName, region } = storePlan(context.state);
  const keyArn = kmsKeyArn(context.state);
  const storeId = storeIdOf(context.state);
  const instances = fleetSizeOf(context.state);
  const text = canonical({ format: 'keyrite-drill-plan-1', region, storeId, keyArn, instances });
  return Promise.resolve(
    success(
      outcome({
        data: { storeId, keyArn, fleet: instances },
        values: { 'drill.digest': sha256Text(text) },
        show: [
          facts('What will be stopped', [
            ['Key store', `${storeName} ${storeId}`, true],
            ['KMS key', keyArn, true],
            ['Proxies behind the endpoint', `${instances}, as people counted them`],
            ['Switch', `keyrite kill --reason ${context.state.genesis.data.ceremonyId}, on every host`, true],
            ['Ends', 'every Encrypt and Decrypt of this key store, at once'],
            ['Goes on', 'whatever holds a data key in memory'],
          ]),
        ],
        artefacts: [jsonArtefact('drill-plan.json', text)],
      }),
    ),
  );
};
