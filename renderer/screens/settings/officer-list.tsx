import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { OfficerSummary } from '../../../core/contract/values';
import { Instant } from '../../parts/instant';
import { text } from '../../text/text';
import styles from './settings.module.css';

export function OfficerList({
  officers,
  onRemove,
}: {
  readonly officers: readonly OfficerSummary[];
  readonly onRemove: (officer: OfficerSummary) => void;
}): ReactElement {
  return (
    <ul className={styles.people}>
      {officers.map((officer) => (
        <li key={officer.id} className={styles.person}>
          <div>
            <strong>{officer.name}</strong> {officer.rehearsal ? `(${text.officers.isPractice})` : ''} -{' '}
            {text.officers[officer.where]}
            <p className={styles.soft}>
              {text.officers.words}: <span lang="en">{officer.words}</span>
            </p>
            <p className={styles.soft}>
              {text.officers.since} <Instant iso={officer.enrolledAt} />
            </p>
          </div>
          <Button ariaLabel={text.officers.removeOne(officer.name)} onClick={() => onRemove(officer)}>
            {text.officers.remove}
          </Button>
        </li>
      ))}
    </ul>
  );
}
