import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { ERROR_TEXTS } from '../../../core/contract/error-texts';
import type { KmsKeysPage, UnreadKey } from '../../../core/contract/kms-values';
import { Facts } from '../../parts/facts';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { PlainTable } from '../../parts/plain-table';
import { go } from '../../route';
import { text } from '../../text/text';
import { KmsTable } from './kms-table';
import styles from './keys.module.css';

/** Whose keys these are: read before anything is believed. */
function Whose({ page }: { readonly page: KmsKeysPage }): ReactElement {
  const words = text.kms;
  return (
    <>
      <Facts
        facts={[
          { name: words.account, value: page.account, mono: true },
          { name: words.region, value: page.region },
          { name: words.asWhom, value: page.callerArn, mono: true },
        ]}
      />
      {page.rehearsal ? <Mark kind="info">{words.isRehearsal}</Mark> : <Mark kind="warning">{words.isAws}</Mark>}
    </>
  );
}

function Unread({ keys }: { readonly keys: readonly UnreadKey[] }): ReactElement | null {
  const words = text.kms;
  if (keys.length === 0) return null;
  return (
    <Panel title={words.unread}>
      <p className={styles.soft}>{words.unreadHint}</p>
      <PlainTable
        title={words.unread}
        columns={[words.key, words.says, words.todo]}
        empty=""
        rows={keys.map(({ keyId, aliases, failure }) => ({
          key: keyId,
          cells: [
            <span key="key" className={aliases.length === 0 ? 'mono' : undefined}>
              {aliases[0] ?? keyId}
            </span>,
            ERROR_TEXTS[failure.code].what,
            ERROR_TEXTS[failure.code].do,
          ],
        }))}
      />
    </Panel>
  );
}

interface KmsFoundProps {
  readonly pages: readonly KmsKeysPage[];
  readonly pending: boolean;
  readonly onMore: (from: number) => void;
}

/** What was read so far, and how much was not. */
export function KmsFound({ pages, pending, onMore }: KmsFoundProps): ReactElement | null {
  const words = text.kms;
  const last = pages.at(-1);
  if (last === undefined) return null;
  const keys = pages.flatMap((page) => page.keys);
  const { next } = last;
  return (
    <>
      <Panel title={words.found(last.total)}>
        <div className={styles.form}>
          <Whose page={last} />
          {last.total === 0 ? (
            <>
              <p>
                <strong>{words.none}</strong> {words.noneHint}
              </p>
              <Button onClick={() => go('start')}>{words.toStart}</Button>
            </>
          ) : null}
        </div>
        {keys.length === 0 ? null : <KmsTable keys={keys} page={last} />}
        {next === null || pending ? null : (
          <div className={styles.more}>
            <span>{words.leftOut(last.total - next)}</span>
            <Button onClick={() => onMore(next)}>{words.more}</Button>
          </div>
        )}
      </Panel>
      <Unread keys={pages.flatMap((page) => page.unread)} />
    </>
  );
}
