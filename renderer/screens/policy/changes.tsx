import type { ReactElement } from 'react';
import type { PolicyChanges } from '../../../core/contract/key-policy';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import styles from './policy.module.css';

/** As every tool that shows a diff has them. */
const LINE_MARKS = { same: ' ', removed: '-', added: '+' } as const;

const NEAR = 3;

/** Lines that changed, with some around them; a gap where many are the same. */
export function nearLines(lines: PolicyChanges['lines']): readonly (PolicyChanges['lines'][number] | null)[] {
  const isNear = lines.map((_, i) => lines.slice(Math.max(0, i - NEAR), i + NEAR + 1).some(({ kind }) => kind !== 'same'));
  return lines.flatMap((line, i) => (isNear[i] === true ? [line] : isNear[i - 1] === true ? [null] : []));
}

function Lines({ lines }: Pick<PolicyChanges, 'lines'>): ReactElement {
  const words = text.policy;
  return (
    <pre className={styles.diff} tabIndex={0} role="region" aria-label={words.lines}>
      {nearLines(lines).map((line, i) =>
        line === null ? (
          <span key={i} className={styles.soft}>
            {'  ...\n'}
          </span>
        ) : (
          <span key={i} className={styles[line.kind]}>{`${LINE_MARKS[line.kind]} ${line.text}\n`}</span>
        ),
      )}
    </pre>
  );
}

/** What a new policy changes: statements, rights by person, lines. */
export function Changes({ changes }: { readonly changes: PolicyChanges }): ReactElement {
  const words = text.policy;
  const { statements, rights, lines } = changes;
  if (statements.length === 0 && rights.length === 0) return <p>{words.noChange}</p>;
  return (
    <div className={styles.changes}>
      <div>
        <h3>{words.statements}</h3>
        <ul>
          {statements.map(({ kind, name }, i) => (
            <li key={i}>
              <strong>{words.changeKinds[kind]}</strong> {name}
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3>{words.rights}</h3>
        <PlainTable
          title={words.rights}
          columns={[words.who, words.actions, words.before, words.after]}
          empty={words.noChange}
          rows={rights.map(({ who, actions, before, after }, i) => ({
            key: String(i),
            cells: [
              <span key="who" className={styles.arn}>
                {who}
              </span>,
              actions.join(', '),
              <span key="before" className={styles.whole}>
                {before}
              </span>,
              <strong key="after" className={styles.whole}>
                {after}
              </strong>,
            ],
          }))}
        />
      </div>
      <div>
        <h3>{words.lines}</h3>
        <Lines lines={lines} />
      </div>
    </div>
  );
}
