import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { DwellButton } from '../../../parts/dwell-button';
import { text } from '../../../text/text';
import type { FormOf } from '../form-of';
import styles from './form.module.css';

interface ActButtonsProps {
  readonly form: FormOf<'act'>;
  readonly armed: boolean;
  readonly pending: boolean;
  readonly onAct: () => void;
  readonly onOwnPad: () => void;
}

export function ActButtons({ form, armed, pending, onAct, onOwnPad }: ActButtonsProps): ReactElement {
  const isErasing = form.typed !== null;
  const shortcut: Record<`data-${string}`, string> = form.pin === null ? { 'data-shortcut': 'D', 'data-next': '' } : {};
  return (
    <div className={styles.buttons}>
      {isErasing ? (
        <DwellButton label={form.title} armed={armed} pending={pending} onPress={onAct} />
      ) : (
        <Button variant="primary" loading={pending} onClick={onAct} nativeButtonAttributes={shortcut}>
          {form.pin === null ? `${form.title} (D)` : form.title}
        </Button>
      )}
      {form.pin === null ? null : (
        <Button disabled={isErasing && !armed} onClick={onOwnPad}>
          {text.beat.ownPad}
        </Button>
      )}
    </div>
  );
}
