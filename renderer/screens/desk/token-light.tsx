import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { DeskToken } from '../../../core/contract/values';
import { inGroups } from '../../parts/in-groups';
import { Mark, type MarkKind } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './desk.module.css';

const LIGHTS: Readonly<Record<DeskToken['state'], MarkKind>> = {
  present: 'good',
  absent: 'stopped',
  blank: 'info',
  locked: 'bad',
  noModule: 'warning',
};

/** The token's state as icon, word and shape. */
export function TokenLight({ token }: { readonly token: DeskToken | null }): ReactElement {
  return (
    <Panel title={text.desk.token}>
      {token === null ? <Mark kind="waiting">{text.desk.tokenAsked}</Mark> : <Light token={token} />}
    </Panel>
  );
}

function Light({ token }: { readonly token: DeskToken }): ReactElement {
  return (
    <div className={styles.light}>
      <div className={styles.state}>
        <Mark kind={LIGHTS[token.state]}>{text.desk.tokenStates[token.state]}</Mark>
      </div>
      <p>
        <strong>{token.title}</strong>
      </p>
      {token.serial === '' ? null : (
        <p>
          {text.desk.serial} <span className="mono">{inGroups(token.serial)}</span>
        </p>
      )}
      <p className={styles.where}>{token.text}</p>
      {token.state === 'present' ? null : (
        <div>
          <Button variant="inline-link" onClick={() => go('settings')}>
            {text.desk.toSettings}
          </Button>
        </div>
      )}
    </div>
  );
}
