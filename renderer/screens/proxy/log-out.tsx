import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactElement } from 'react';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FormDialog } from '../../parts/form-dialog';
import { Mark } from '../../parts/mark';
import { receive } from '../../snapshots';
import { text } from '../../text/text';
import { mayBeLoggedIn } from './standing';

const WHY_LENGTH_LIMIT = 200;

/** Ends this proxy's sessions with the token: two presses, and nothing of the look of the kill switch, which it does not replace. */
export function LogOut({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const words = text.proxy.logOut;
  const ask = useAsk();
  const [isAsked, setAsked] = useState(false);
  const [why, setWhy] = useState('');
  const act = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.proxy.logOut({ why }));
    if (answer === null) return;
    receive('proxy.changed', answer.value);
    announce(words.done);
    setAsked(false);
  };
  if (!mayBeLoggedIn(proxy)) return <Mark kind="info">{proxy.status === null ? words.none : words.already}</Mark>;
  return (
    <div>
      <Button iconName="key" onClick={() => setAsked(true)}>
        {words.open}
      </Button>
      {isAsked ? (
        <FormDialog
          title={words.title}
          hint={words.hint}
          action={words.act}
          ready
          pending={ask.pending}
          failure={ask.failure}
          onAct={() => void act()}
          onClose={() => setAsked(false)}
        >
          <FormField label={text.proxyDetails.keys.why} description={text.proxyDetails.keys.mayStayEmpty}>
            <Input value={why} spellcheck={false} onChange={({ detail }) => setWhy(detail.value.slice(0, WHY_LENGTH_LIMIT))} />
          </FormField>
        </FormDialog>
      ) : null}
    </div>
  );
}
