import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { PackVerdict } from '../../../core/contract/values';
import { Facts } from '../../parts/facts';
import { DigestRows } from '../../parts/fingerprint';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import styles from './evidence.module.css';

/** What the verifier found: the head to compare, who signed; or what fails, and where. */
export function Verdict({ verdict }: { readonly verdict: PackVerdict }): ReactElement {
  const words = text.evidence;
  return (
    <Panel title={verdict.ceremonyId === '' ? words.verify : verdict.ceremonyId}>
      <div className={styles.verdict}>
        <div className={styles.state}>
          <Mark kind={verdict.ok ? 'good' : 'bad'}>{verdict.ok ? words.valid : words.invalid}</Mark>
        </div>
        <p>
          {verdict.summary} {verdict.runMode === null ? '' : `${text.start[verdict.runMode]}.`}
        </p>
        {verdict.problem === null ? null : (
          <Facts
            facts={[
              { name: words.where, value: verdict.problem.where, mono: true },
              { name: words.what, value: verdict.problem.what },
            ]}
          />
        )}
        {verdict.ok ? (
          <>
            <p>{words.validHint}</p>
            <DigestRows label={words.headRows} digest={verdict.head} />
          </>
        ) : null}
        <Signatures verdict={verdict} />
      </div>
    </Panel>
  );
}

function Signatures({ verdict }: { readonly verdict: PackVerdict }): ReactElement {
  const words = text.evidence;
  if (verdict.signatures.length === 0) return <p>{words.noSignatures}</p>;
  return (
    <ul aria-label={words.signatures}>
      {verdict.signatures.map((signature) => (
        <li key={signature.seat}>
          <StatusIndicator type={signature.verdict === 'signed' ? 'success' : 'warning'}>
            {signature.seat} {signature.name}: {words[signature.verdict]}
            {words.because(signature.reason)}
          </StatusIndicator>
        </li>
      ))}
    </ul>
  );
}
