import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactElement } from 'react';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { Instant } from '../../parts/instant';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import { BlockDialog } from './block-dialog';
import { keySwitches, type KeySwitch } from './key-rows';
import styles from './proxy.module.css';

/** More than this are searched for rather than looked through. */
const LISTED = 50;

/** A switch for each key. */
export function KeyPanel({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const words = text.proxyDetails.keys;
  const [search, setSearch] = useState('');
  const [asked, setAsked] = useState<KeySwitch | null>(null);
  const { status } = proxy;
  const all = status === null ? [] : keySwitches(status);
  const found = all.filter(({ key }) => key.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Panel title={words.title}>
      <p className={styles.soft}>{status === null ? words.unknown : words.hint}</p>
      {all.length > 10 ? (
        <FormField label={words.search}>
          <Input type="search" spellcheck={false} value={search} onChange={({ detail }) => setSearch(detail.value)} />
        </FormField>
      ) : null}
      {status === null ? null : (
        <PlainTable
          title={words.title}
          columns={[words.key, words.store, words.state, words.used, words.act]}
          empty={words.none}
          rows={found.slice(0, LISTED).map((row) => ({
            key: row.key,
            cells: [
              <span key="key" className="mono">
                {row.key}
              </span>,
              row.stores.length === 0 ? words.notConfigured : row.stores.join(', '),
              <KeyState key="state" row={row} isKilled={proxy.latch.state !== 'armed'} />,
              String(row.encryptions),
              <Button
                key="act"
                wrapText={false}
                iconName={row.block === null ? 'lock-private' : 'unlocked'}
                ariaLabel={row.block === null ? words.blockOne(row.key) : words.unblockOne(row.key)}
                onClick={() => setAsked(row)}
              >
                {row.block === null ? words.block : words.unblock}
              </Button>,
            ],
          }))}
        />
      )}
      {found.length > LISTED ? <p className={styles.soft}>{text.calendar.more(found.length - LISTED)}</p> : null}
      {asked === null ? null : <BlockDialog row={asked} onClose={() => setAsked(null)} />}
    </Panel>
  );
}

function KeyState({ row, isKilled }: { readonly row: KeySwitch; readonly isKilled: boolean }): ReactElement {
  const words = text.proxyDetails.keys;
  const { block, problem } = row;
  return (
    <>
      {block !== null ? (
        <Mark kind="bad">{words.blocked}</Mark>
      ) : isKilled ? (
        <Mark kind="stopped">{words.allKilled}</Mark>
      ) : problem === '' ? (
        <Mark kind="good">{words.allowed}</Mark>
      ) : (
        <Mark kind="warning">{problem}</Mark>
      )}
      {block === null ? null : (
        <div className={styles.soft}>
          {block.by === '' ? '' : `${block.by}, `}
          <Instant iso={block.at} />
          {block.why === '' ? '' : `: ${block.why}`}
        </div>
      )}
    </>
  );
}
