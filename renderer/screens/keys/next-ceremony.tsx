import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { KmsKeyReport, KmsKeysPage } from '../../../core/contract/kms-values';
import { go } from '../../route';
import { text } from '../../text/text';
import { fittingScripts, startInputs } from './fitting';
import styles from './keys.module.css';

interface NextCeremonyProps {
  readonly entry: KmsKeyReport;
  readonly page: KmsKeysPage;
  readonly name: string;
}

/** The ceremonies that fit, each of which opens the start form with this key in it; and its policy beside ours. */
export function NextCeremony({ entry, page, name }: NextCeremonyProps): ReactElement {
  const words = text.kms;
  const scripts = fittingScripts(entry);
  const { runMode, region } = page;
  return (
    <div className={styles.form}>
      <h3>{words.next}</h3>
      <p className={styles.soft}>{scripts.length === 0 ? words.noneFits : words.prefilled}</p>
      <div className={styles.buttons}>
        {scripts.map((script) => (
          <Button
            key={script}
            ariaLabel={`${words.ceremonies[script]}: ${name}`}
            onClick={() => go('start', startInputs(script, entry, page))}
          >
            {words.ceremonies[script]}
          </Button>
        ))}
        {entry.policy === null ? null : (
          <Button ariaLabel={`${words.compare}: ${name}`} onClick={() => go('policy', { runMode, region, keyId: entry.arn })}>
            {words.compare}
          </Button>
        )}
      </div>
    </div>
  );
}
