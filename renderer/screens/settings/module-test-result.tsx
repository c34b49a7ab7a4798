import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { ModuleTest } from '../../../core/contract/values';
import type { TokenSummary } from '../../../core/contract/token-values';
import { Facts } from '../../parts/facts';
import { inGroups } from '../../parts/in-groups';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import { ChosenToken } from './chosen-token';
import styles from './settings.module.css';

interface ModuleTestResultProps {
  readonly test: ModuleTest;
  readonly onUse: (token: TokenSummary) => void;
}

/** Who the module says it is, which tokens it sees, and what the chosen one tells of itself. */
export function ModuleTestResult({ test, onUse }: ModuleTestResultProps): ReactElement {
  const words = text.settings;
  const { module } = test;
  const isChosen = (token: TokenSummary): boolean => token.serial === test.chosen?.serial && token.label === test.chosen.label;
  return (
    <div className={styles.wide}>
      <div className={styles.form}>
        <h3>{words.moduleReport}</h3>
        <Facts
          facts={[
            { name: words.library, value: `${module.manufacturer} ${module.description} ${module.version}` },
            { name: words.cryptoki, value: module.cryptoki },
            { name: words.path, value: module.path, mono: true },
            { name: words.sha256, value: module.sha256, mono: true },
          ]}
        />
        <h3>{words.tokens}</h3>
        <div className={styles.wide}>
          <PlainTable
            title={words.tokens}
            columns={[text.stage.label, text.stage.serial, words.library, words.useToken]}
            empty={words.noTokens}
            rows={test.tokens.map((token) => ({
              key: `${token.serial} ${token.label}`,
              cells: [
                token.initialised ? token.label : words.blank,
                <span key="serial" className="mono">
                  {inGroups(token.serial)}
                </span>,
                `${token.manufacturer} ${token.model}`,
                isChosen(token) ? (
                  <StatusIndicator key="chosen" type="success">
                    {words.chosen}
                  </StatusIndicator>
                ) : (
                  <Button key="use" ariaLabel={`${words.useToken} ${token.serial}`} onClick={() => onUse(token)}>
                    {words.useToken}
                  </Button>
                ),
              ],
            }))}
          />
        </div>
        {test.chosen === null ? null : <ChosenToken token={test.chosen} />}
      </div>
    </div>
  );
}
