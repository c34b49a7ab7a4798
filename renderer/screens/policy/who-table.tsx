import type { ReactElement } from 'react';
import type { WhoRow } from '../../../core/contract/key-policy';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import styles from './policy.module.css';

type Cell = WhoRow['cells'][number];

/** The strong words first; "–" is not worth a word in a list. */
const ORDER: readonly Cell['verdict'][] = ['allow', 'some', 'conditional', 'iam', 'deny'];

/** A column for each group of actions, where there is room for eleven. */
function Grid({ rows }: { readonly rows: readonly WhoRow[] }): ReactElement {
  const words = text.policy;
  const groups = rows[0]?.cells.map(({ group }) => group) ?? [];
  return (
    <div className={styles.grid}>
      <PlainTable
        title={words.whoCanDoWhat}
        columns={[words.who, ...groups.map((group) => words.groups[group])]}
        empty={words.nobody}
        rows={rows.map(({ name, cells }, i) => ({
          key: String(i),
          cells: [
            <span key="who" className={styles.arn}>
              {name}
            </span>,
            ...cells.map(({ group, verdict }) => (
              <span key={group} className={styles[verdict]}>
                {words.verdicts[verdict]}
              </span>
            )),
          ],
        }))}
      />
    </div>
  );
}

/** The same without columns: below each name, what is said of which actions. */
function List({ rows }: { readonly rows: readonly WhoRow[] }): ReactElement {
  const words = text.policy;
  return (
    <ul className={styles.people} aria-label={words.whoCanDoWhat}>
      {rows.map(({ name, cells }, i) => (
        <li key={i}>
          <strong className={styles.arn}>{name}</strong>
          <dl>
            {ORDER.filter((verdict) => cells.some((cell) => cell.verdict === verdict)).map((verdict) => (
              <div key={verdict} className={styles.said}>
                <dt className={styles[verdict]}>{words.verdicts[verdict]}</dt>
                <dd>
                  {cells
                    .filter((cell) => cell.verdict === verdict)
                    .map(({ group }) => words.groups[group])
                    .join(', ')}
                </dd>
              </div>
            ))}
            {cells.every(({ verdict }) => verdict === 'no') ? (
              <div className={styles.said}>
                <dt className={styles.no}>{words.verdicts.no}</dt>
                <dd>{words.nothing}</dd>
              </div>
            ) : null}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Grounds({ rows }: { readonly rows: readonly WhoRow[] }): ReactElement {
  return (
    <details>
      <summary className={styles.summary}>{text.policy.grounds}</summary>
      <ul className={styles.people}>
        {rows
          .filter(({ grounds }) => grounds.length > 0)
          .map(({ name, grounds }, i) => (
            <li key={i}>
              <strong className={styles.arn}>{name}</strong>
              <ul>
                {grounds.map(({ because, actions }) => (
                  <li key={because} className={styles.ground}>
                    {actions.join(', ')}: <span className={styles.soft}>{because}</span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
      </ul>
    </details>
  );
}

/** Who can do what by a policy: a grid in a wide window, a list in a small one, and below the statements each answer stands on. */
export function WhoTable({ rows }: { readonly rows: readonly WhoRow[] }): ReactElement {
  const words = text.policy;
  return (
    <div className={styles.room}>
      <p className={styles.soft}>{words.whoHint}</p>
      <Grid rows={rows} />
      <List rows={rows} />
      <p className={styles.soft}>{words.legend}</p>
      <Grounds rows={rows} />
    </div>
  );
}
