import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { text } from '../../../text/text';
import styles from './troubles.module.css';

type Kind = (typeof text.trouble.capture.kinds)[number];

/** The exceptions that happen in every second ceremony, a click each. */
export function QuickKinds({ onPick }: { readonly onPick: (kind: Kind) => void }): ReactElement {
  const { quick, kinds } = text.trouble.capture;
  return (
    <div className={styles.quick} role="group" aria-label={quick}>
      {kinds.map((kind) => (
        <Button key={kind.title} onClick={() => onPick(kind)}>
          {kind.title}
        </Button>
      ))}
    </div>
  );
}
