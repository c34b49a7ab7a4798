import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { DwellButton } from '../../../parts/dwell-button';
import type { FormOf } from '../form-of';
import styles from './form.module.css';

interface ActButtonsProps {
  readonly form: FormOf<'act'>;
  readonly armed: boolean;
  readonly pending: boolean;
  readonly onAct: () => void;
}

export function ActButtons({ form, armed, pending, onAct }: ActButtonsProps): ReactElement {
  const isErasing = form.typed !== null;
  const isPlain = form.pin === null || form.pin.onDevice;
  const shortcut: Record<`data-${string}`, string> = isPlain ? { 'data-shortcut': 'D', 'data-next': '' } : {};
  return (
    <div className={styles.buttons}>
      {isErasing ? (
        <DwellButton label={form.title} armed={armed} pending={pending} onPress={onAct} />
      ) : (
        <Button variant="primary" loading={pending} onClick={onAct} nativeButtonAttributes={shortcut}>
          {isPlain ? `${form.title} (D)` : form.title}
        </Button>
      )}
    </div>
  );
}
