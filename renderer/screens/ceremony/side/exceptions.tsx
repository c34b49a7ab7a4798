import type { ReactElement } from 'react';
import type { CeremonyView, ExceptionView } from '../../../../core/ceremony/view-model';
import { Panel } from '../../../parts/panel';
import { text } from '../../../text/text';
import styles from './side.module.css';

function stateOf({ decision }: ExceptionView): string {
  if (decision === null) return text.trouble.list.waiting;
  return text.trouble.list.decided(decision.decidedBy.join(', '), text.trouble.decisions[decision.decision]);
}

export function Exceptions({ view }: { readonly view: CeremonyView }): ReactElement {
  return (
    <Panel title={text.stage.exceptions}>
      {view.exceptions.length === 0 ? (
        <p className={styles.soft}>{text.stage.noExceptions}</p>
      ) : (
        <ul className={styles.lines}>
          {view.exceptions.map((exception) => (
            <li key={exception.number}>
              <strong>{text.trouble.list.title(exception.number, exception.step)}</strong>
              <p>
                {text.trouble.severities[exception.severity]}: {exception.happened}
              </p>
              <p className={styles.soft}>{stateOf(exception)}</p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
