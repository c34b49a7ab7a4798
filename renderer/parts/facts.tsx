import type { ReactElement, ReactNode } from 'react';
import styles from './facts.module.css';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  readonly mono?: boolean;
}

/** Names and values, the value below its name where there is little room. */
export function Facts({ facts, stacked = false }: { readonly facts: readonly Fact[]; readonly stacked?: boolean }): ReactElement {
  return (
    <dl className={stacked ? styles.stacked : styles.facts}>
      {facts.map((fact) => (
        <div key={fact.name} className={styles.fact}>
          <dt>{fact.name}</dt>
          <dd className={fact.mono === true ? styles.mono : undefined}>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
