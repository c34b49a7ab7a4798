import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { KeysReport } from '../../../core/contract/values';
import { inGroups } from '../../parts/in-groups';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import { KeyRow } from './key-row';
import styles from './keys.module.css';

/** Every object of the token, each with its verdict; the rows behind a verdict unfold. */
export function Inventory({ report }: { readonly report: KeysReport }): ReactElement {
  const { token, keys } = report;
  return (
    <Panel title={`${token.label} - ${text.keys.found(keys.length)}`}>
      <p className={styles.token}>
        {text.desk.serial} <span className="mono">{inGroups(token.serial)}</span> - {token.manufacturer} {token.model} -{' '}
        {text.stage.pinTries}: {text.pinStates[token.userPin]}
      </p>
      {keys.length === 0 ? (
        <div className={styles.form}>
          <p>
            <strong>{text.keys.none}</strong> {text.keys.noneHint}
          </p>
          <Button variant="primary" onClick={() => go('start')}>
            {text.keys.toStart}
          </Button>
        </div>
      ) : (
        <ul className={styles.keys}>
          {keys.map((key, i) => (
            <KeyRow key={i} entry={key} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
