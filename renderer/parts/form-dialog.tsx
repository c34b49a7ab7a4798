import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import { useEffect, type ReactElement, type ReactNode } from 'react';
import type { Failure } from '../../core/contract/result';
import { text } from '../text/text';
import { DwellButton } from './dwell-button';
import { FailureAlert } from './failure-alert';
import styles from './form-dialog.module.css';

/** Told on the document when a dialog has gone, so that the screen below can take focus back if nothing has it. */
export const DIALOG_CLOSED = 'keyrite:dialogclosed';

interface FormDialogProps {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  /** Everything needed is filled in. */
  readonly ready: boolean;
  /** It cannot be undone. */
  readonly danger?: boolean;
  readonly pending: boolean;
  readonly failure: Failure | null;
  readonly onAct: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog with one form and one act. It opens with focus on its close button, never on the act. */
export function FormDialog({
  title,
  hint,
  action,
  ready,
  danger = false,
  pending,
  failure,
  onAct,
  onClose,
  children,
}: FormDialogProps): ReactElement {
  useEffect(
    () => () => {
      requestAnimationFrame(() => document.dispatchEvent(new Event(DIALOG_CLOSED)));
    },
    [],
  );
  const act = danger ? (
    <DwellButton label={action} armed={ready} pending={pending} onPress={onAct} />
  ) : (
    <Button variant="primary" disabled={!ready} loading={pending} onClick={onAct}>
      {action}
    </Button>
  );
  return (
    <Modal
      visible
      size="medium"
      header={title}
      closeAriaLabel={text.shell.close}
      onDismiss={onClose}
      footer={
        <div className={styles.buttons}>
          <Button variant="link" onClick={onClose}>
            {text.shell.cancel}
          </Button>
          {act}
        </div>
      }
    >
      <div className={styles.form}>
        {hint === '' ? null : <p>{hint}</p>}
        {children}
        <FailureAlert failure={failure} />
      </div>
    </Modal>
  );
}
