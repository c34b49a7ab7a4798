import Alert from '@cloudscape-design/components/alert';
import type { ReactElement } from 'react';
import type { KillOutcome as Outcome } from '../../../core/contract/proxy-values';
import { text } from '../../text/text';
import styles from './switch-panel.module.css';

/** How the kill went: what holds, what does not, and where it is not sure, what to do with one's hands. */
export function KillOutcome({ outcome }: { readonly outcome: Outcome | null }): ReactElement | null {
  if (outcome === null) return null;
  const words = text.proxy.outcome;
  const { title, says } = words.how[outcome.how];
  const isSure = outcome.how !== 'failed' && outcome.problem === '';
  return (
    <Alert type={isSure ? 'success' : 'error'} header={title}>
      {outcome.problem === '' ? null : <p>{outcome.problem}</p>}
      <p>
        {says} {outcome.how === 'acknowledged' || outcome.how === 'forced' ? words.took(outcome.tookMs) : ''}{' '}
        {isSure ? words.holds : ''}
      </p>
      {isSure ? null : (
        <ul className={styles.points}>
          {words.byHand.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
