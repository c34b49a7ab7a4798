import type { ReactElement } from 'react';
import type { ShowBlock } from '../../core/keys/evidence';
import { text } from '../text/text';
import { AttributeTable } from './attribute-table';
import { CodeBlock } from './code-block';
import { Facts } from './facts';
import { DigestRows } from './fingerprint';
import { PlainTable } from './plain-table';
import { QrCode } from './qr-code';
import styles from './show-blocks.module.css';

function Block({ block, isProjected }: { readonly block: ShowBlock; readonly isProjected: boolean }): ReactElement {
  switch (block.kind) {
    case 'facts':
      return <Facts facts={block.rows} />;
    case 'attributes':
      return <AttributeTable title={block.title} firstColumn={text.beat.name} rows={block.rows} />;
    case 'table':
      return (
        <PlainTable
          title={block.title}
          columns={block.columns}
          empty={block.empty}
          rows={block.rows.map((cells, i) => ({ key: String(i), cells }))}
        />
      );
    case 'fingerprint':
      return <DigestRows label={text.beat.sha256} digest={block.digest} />;
    case 'code':
      return <CodeBlock title={block.title} code={block.text} isProjected={isProjected} />;
    case 'qr':
      return <QrCode title={block.title} modules={block.modules} />;
  }
}

/** What is put before people, drawn the same on the stage and on the projector. */
export function ShowBlocks({
  blocks,
  isProjected = false,
}: {
  readonly blocks: readonly ShowBlock[];
  /** Drawn for the wall: nothing in it can be pressed. */
  readonly isProjected?: boolean;
}): ReactElement {
  const Heading = isProjected ? 'h2' : 'h4';
  return (
    <div className={styles.blocks}>
      {blocks.map((block, i) => (
        <div key={i}>
          <Heading className={styles.title}>{block.title}</Heading>
          <Block block={block} isProjected={isProjected} />
        </div>
      ))}
    </div>
  );
}
