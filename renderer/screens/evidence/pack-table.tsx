import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { PackSummary } from '../../../core/contract/values';
import { Instant } from '../../parts/instant';
import { PackState } from '../../parts/pack-state';
import { Panel } from '../../parts/panel';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import styles from './evidence.module.css';

interface PackTableProps {
  readonly packs: readonly PackSummary[];
  readonly pending: boolean;
  readonly onVerify: (ceremonyId: string) => void;
  readonly onReport: (ceremonyId: string) => void;
  readonly onExport: (ceremonyId: string) => void;
}

function Name({ pack }: { readonly pack: PackSummary }): ReactElement {
  return (
    <>
      <span className={styles.title}>{pack.title}</span>
      <br />
      <span className={styles.soft}>
        <span className="mono">{pack.ceremonyId}</span>
        <br />
        {text.start[pack.runMode]}, <Instant iso={pack.openedAt} />
      </span>
    </>
  );
}

function State({ pack }: { readonly pack: PackSummary }): ReactElement {
  return (
    <>
      <PackState state={pack.state} />
      <br />
      <span className={styles.soft}>{text.desk.exceptions(pack.exceptions)}</span>
    </>
  );
}

/** A running ceremony has no report yet, but its record can be verified as far as it goes. */
function Actions({
  pack,
  pending,
  onVerify,
  onReport,
  onExport,
}: Omit<PackTableProps, 'packs'> & { readonly pack: PackSummary }): ReactElement {
  const isClosed = pack.state === 'completed' || pack.state === 'aborted';
  return (
    <div className={styles.buttons}>
      <Button disabled={pending} ariaLabel={text.evidence.verifyOne(pack.ceremonyId)} onClick={() => onVerify(pack.ceremonyId)}>
        {text.evidence.verify}
      </Button>
      <Button
        disabled={pending || !isClosed}
        ariaLabel={text.evidence.reportOne(pack.ceremonyId)}
        onClick={() => onReport(pack.ceremonyId)}
      >
        {text.evidence.report}
      </Button>
      <Button disabled={pending} ariaLabel={text.evidence.exportOne(pack.ceremonyId)} onClick={() => onExport(pack.ceremonyId)}>
        {text.evidence.export}
      </Button>
    </div>
  );
}

export function PackTable({ packs, ...actions }: PackTableProps): ReactElement {
  const words = text.evidence;
  return (
    <Panel title={words.packs}>
      <PlainTable
        title={words.title}
        columns={[words.ceremony, words.state, words.head, words.actions]}
        empty={words.none}
        rows={packs.map((pack) => ({
          key: pack.ceremonyId,
          cells: [
            <Name key="name" pack={pack} />,
            <State key="state" pack={pack} />,
            <span key="head" lang="en">
              {pack.headWords}
            </span>,
            <Actions key="actions" pack={pack} {...actions} />,
          ],
        }))}
      />
    </Panel>
  );
}
