import type { ReactElement } from 'react';
import type { OfficerSummary } from '../../../core/contract/values';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FormDialog } from '../../parts/form-dialog';
import { useShownCode } from '../../parts/shown-code';
import { receive } from '../../snapshots';
import { text } from '../../text/text';

interface RemoveOfficerProps {
  readonly officer: OfficerSummary;
  readonly officers: readonly OfficerSummary[];
  readonly onClose: () => void;
}

/** The private key goes with the file: a code and three seconds. */
export function RemoveOfficer({ officer, officers, onClose }: RemoveOfficerProps): ReactElement {
  const ask = useAsk();
  const code = useShownCode();
  const remove = async (): Promise<void> => {
    if ((await ask.run(() => bridge.officers.remove({ officer: officer.id }))) === null) return;
    receive(
      'officers.changed',
      officers.filter((other) => other.id !== officer.id),
    );
    announce(text.officers.removed(officer.name));
    onClose();
  };
  return (
    <FormDialog
      title={text.officers.removeTitle(officer.name)}
      hint={text.officers.removeHint}
      action={text.officers.remove}
      ready={code.matches}
      danger
      pending={ask.pending}
      failure={ask.failure}
      onAct={() => void remove()}
      onClose={onClose}
    >
      {code.field}
    </FormDialog>
  );
}
