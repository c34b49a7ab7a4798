import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './evidence.module.css';

export function NoEvidence(): ReactElement {
  return (
    <Panel title={text.evidence.none}>
      <p className={styles.hint}>{text.evidence.noneHint}</p>
      <Button variant="primary" onClick={() => go('start')}>
        {text.evidence.toStart}
      </Button>
    </Panel>
  );
}
