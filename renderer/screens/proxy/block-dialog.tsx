import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactElement } from 'react';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FormDialog } from '../../parts/form-dialog';
import { receive } from '../../snapshots';
import { text } from '../../text/text';
import type { KeySwitch } from './key-rows';

/** Blocking needs nothing but the press; unblocking a reason. */
export function BlockDialog({ row, onClose }: { readonly row: KeySwitch; readonly onClose: () => void }): ReactElement {
  const words = text.proxyDetails.keys;
  const { key } = row;
  const isBlocked = row.block !== null;
  const ask = useAsk();
  const [why, setWhy] = useState('');
  const isReady = !isBlocked || why.trim() !== '';
  const act = async (): Promise<void> => {
    const answer = await ask.run(() => (isBlocked ? bridge.proxy.unblock({ key, why }) : bridge.proxy.block({ key, why })));
    if (answer === null) return;
    receive('proxy.changed', answer.value);
    announce(isBlocked ? words.unblockedNow(key) : words.blockedNow(key));
    onClose();
  };
  return (
    <FormDialog
      title={isBlocked ? words.unblockOne(key) : words.blockOne(key)}
      hint={isBlocked ? words.unblockHint : words.blockHint}
      action={isBlocked ? words.unblock : words.block}
      ready={isReady}
      pending={ask.pending}
      failure={ask.failure}
      onAct={() => void act()}
      onClose={onClose}
    >
      <FormField label={words.why} description={isBlocked ? words.shared : words.mayStayEmpty}>
        <Input value={why} spellcheck={false} onChange={({ detail }) => setWhy(detail.value.slice(0, 200))} />
      </FormField>
    </FormDialog>
  );
}
