import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { LiveRequest } from '../../../core/contract/proxy-live';
import { Facts, type Fact } from '../../parts/facts';
import { text } from '../../text/text';
import type { Filter } from './flow';
import styles from './live.module.css';

interface RequestDetailsProps {
  readonly request: LiveRequest | null;
  readonly onFilter: (more: Partial<Filter>) => void;
}

/** All that is known of one request. */
export function RequestDetails({ request, onFilter }: RequestDetailsProps): ReactElement {
  const words = text.proxyDetails.live;
  if (request === null) return <p className={`${styles.details ?? ''} ${styles.soft ?? ''}`}>{words.noDetails}</p>;
  const { key, caller } = request;
  const facts = factsOf(request);
  const half = Math.ceil(facts.length / 2);
  return (
    <section className={styles.details} aria-label={words.details}>
      <h3>{words.details}</h3>
      <div className={styles.facts}>
        <Facts facts={facts.slice(0, half)} />
        <Facts facts={facts.slice(half)} />
      </div>
      <div className={styles.buttons}>
        {key === '' ? null : <Button onClick={() => onFilter({ key })}>{words.onlyKey}</Button>}
        {caller === '' ? null : <Button onClick={() => onFilter({ caller })}>{words.onlyCaller}</Button>}
      </div>
    </section>
  );
}

function factsOf(request: LiveRequest): readonly Fact[] {
  const words = text.proxyDetails.live;
  const { fields, ms } = words;
  const { status, outcome, totalMs, queueMs, hsmMs } = request;
  const cameToHsm = queueMs > 0 || hsmMs > 0;
  const shown = (name: string, value: string): Fact[] => (value === '' ? [] : [{ name, value, mono: true }]);
  return [
    ...shown(fields.at, request.at),
    { name: fields.outcome, value: `${outcome} (${String(status)})` },
    ...shown(fields.reason, request.reason),
    ...shown(fields.api, request.api),
    ...shown(fields.key, request.key),
    ...shown(fields.caller, request.caller),
    ...shown(fields.via, request.via),
    ...shown(fields.kmsOperation, request.kmsOperation),
    { name: fields.times, value: cameToHsm ? words.times(ms(totalMs), ms(queueMs), ms(hsmMs)) : words.notServed(ms(totalMs)) },
    ...shown(fields.kmsRequestId, request.kmsRequestId),
    ...shown(fields.kmsKeyArn, request.kmsKeyArn),
    ...shown(fields.store, request.store),
    ...shown(fields.accessKeyId, request.accessKeyId),
    ...shown(fields.generation, request.generation),
    ...shown(fields.policy, request.policy),
  ];
}
