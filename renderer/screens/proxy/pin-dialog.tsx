import { useRef, useState, type ReactElement } from 'react';
import type { Result } from '../../../core/contract/result';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { useAsk } from '../../ask';
import { FormDialog } from '../../parts/form-dialog';
import { usePracticePin } from '../../parts/practice-pin';
import type { Secret } from '../../parts/secret';
import { SecretField, type SecretHandle } from '../../parts/secret-field';
import { text } from '../../text/text';

interface PinDialogProps {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  readonly isPractice: boolean;
  readonly onPin: (pin: Secret) => Promise<Result<ProxySnapshot>>;
  readonly onDone: (proxy: ProxySnapshot) => void;
  readonly onClose: () => void;
}

/** The PIN of the proxy's token, once: overwritten here as soon as it was handed over. */
export function PinDialog({ title, hint, action, isPractice, onPin, onDone, onClose }: PinDialogProps): ReactElement {
  const ask = useAsk();
  const practice = usePracticePin('user');
  const secret = useRef<SecretHandle>(null);
  const [isMissing, setMissing] = useState(false);
  const act = async (): Promise<void> => {
    const pin = secret.current?.take() ?? null;
    setMissing(pin === null);
    if (pin === null) return;
    const answer = await ask.run(() => onPin(pin));
    pin.fill(0);
    if (answer !== null) onDone(answer.value);
  };
  return (
    <FormDialog
      title={title}
      hint=""
      action={action}
      ready
      pending={ask.pending}
      failure={ask.failure}
      onAct={() => void act()}
      onClose={onClose}
    >
      <SecretField
        ref={secret}
        label={text.keys.pin}
        hint={`${hint}${isPractice ? practice : ''}`}
        error={isMissing ? text.proxy.pinEmpty : null}
        onEnter={() => void act()}
      />
    </FormDialog>
  );
}
