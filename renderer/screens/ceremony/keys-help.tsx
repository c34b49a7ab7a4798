import Modal from '@cloudscape-design/components/modal';
import type { ReactElement } from 'react';
import { Facts } from '../../parts/facts';
import { text } from '../../text/text';

/** All keys of the stage. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { title, hint, keys } = text.shortcuts;
  return (
    <Modal visible header={title} closeAriaLabel={text.shell.close} onDismiss={onClose}>
      <p>{hint}</p>
      <Facts facts={keys.map(([key, does]) => ({ name: key, value: does }))} />
    </Modal>
  );
}
