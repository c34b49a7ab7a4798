import type { ReactElement } from 'react';
import type { PolicyFinding } from '../../core/contract/kms-values';
import { text } from '../text/text';
import styles from './findings.module.css';
import { Mark } from './mark';

function Finding({ finding, explain }: { readonly finding: PolicyFinding; readonly explain: boolean }): ReactElement {
  const words = text.kms;
  const { rule, severity, where, says, why, remedy } = finding;
  return (
    <li className={`${styles.finding ?? ''} ${severity === 'error' ? (styles.error ?? '') : ''}`}>
      <div>
        <Mark kind={severity === 'error' ? 'bad' : 'warning'}>{severity === 'error' ? words.error : words.warning}</Mark>{' '}
        <span className="mono">{rule}</span> <span className={styles.soft}>{where}</span>
      </div>
      <p>
        <strong>{says}</strong>
      </p>
      {explain ? (
        <p>
          {words.why} {why} <br />
          {words.remedy} {remedy}
        </p>
      ) : null}
    </li>
  );
}

/** What a lint found, errors first; a rule that is broken ten times is explained once. */
export function Findings({ findings }: { readonly findings: readonly PolicyFinding[] }): ReactElement {
  if (findings.length === 0) return <Mark kind="good">{text.kms.noFindings}</Mark>;
  const sorted = findings.toSorted((a, b) => (a.severity === b.severity ? a.line - b.line : a.severity === 'error' ? -1 : 1));
  return (
    <ul className={styles.list}>
      {sorted.map((finding, i) => (
        <Finding key={i} finding={finding} explain={sorted.findIndex(({ rule }) => rule === finding.rule) === i} />
      ))}
    </ul>
  );
}
