import { success } from '../../contract/result';
import { alarmsTemplate } from '../../deployment/alarms-template';
import { facts, outcome, type Act } from './act';
import { CREDENTIAL_DAYS } from './store-calendar';
import { storeIdOf, storePlan } from './store-plan';

/** The alarms of the key store as CloudFormation, into the evidence: AWS makes none by itself. */
export const storeAlarms: Act = (context) => {
  const { storeName, host } = storePlan(context.state);
  const storeId = storeIdOf(context.state);
  const template = alarmsTemplate({ storeId, storeName, certificateName: host, rotateCredentialDays: CREDENTIAL_DAYS });
  if (!template.ok) return Promise.resolve(template);
  return Promise.resolve(
    success(
      outcome({
        data: { storeId },
        show: [
          facts('Alarms', [
            ['Watch', 'latency, errors, throttling, days of the certificate, age of the credential, states of the key manager'],
            ['Key store', `${storeName} ${storeId}`, true],
            ['Put in force', 'aws cloudformation deploy, with a topic for whoever is on call'],
          ]),
          { kind: 'code', title: 'The alarms as CloudFormation', text: template.value },
        ],
        artefacts: [{ name: 'xks-alarms.yaml', bytes: new TextEncoder().encode(template.value) }],
      }),
    ),
  );
};
