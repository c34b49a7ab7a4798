import Button from '@cloudscape-design/components/button';
import { useRef, useState, type ReactElement } from 'react';
import type { Ask } from '../../ask';
import { FailureAlert } from '../../parts/failure-alert';
import { usePracticePin } from '../../parts/practice-pin';
import { Panel } from '../../parts/panel';
import { SecretField, type SecretHandle } from '../../parts/secret-field';
import { text } from '../../text/text';
import styles from './keys.module.css';
import type { Secret } from '../../parts/secret';

interface AskPinProps {
  readonly ask: Ask;
  readonly again: boolean;
  readonly onRead: (pin: Secret | null) => void;
}

/** The PIN, once. */
export function AskPin({ ask, again, onRead }: AskPinProps): ReactElement {
  const practice = usePracticePin('user');
  const secret = useRef<SecretHandle>(null);
  const [isMissing, setMissing] = useState(false);
  const read = (): void => {
    const pin = secret.current?.take() ?? null;
    setMissing(pin === null);
    if (pin !== null) onRead(pin);
  };
  return (
    <Panel title={text.keys.read}>
      <div className={styles.form}>
        <p>{text.keys.intro}</p>
        <SecretField
          ref={secret}
          label={text.keys.pin}
          hint={`${text.keys.pinHint}${practice}`}
          error={isMissing ? text.beat.empty : null}
          onEnter={read}
        />
        <div className={styles.buttons}>
          <Button variant="primary" loading={ask.pending} onClick={read}>
            {again ? text.keys.again : text.keys.read}
          </Button>
          <Button disabled={ask.pending} onClick={() => onRead(null)}>
            {text.beat.enterAtPad}
          </Button>
        </div>
        <FailureAlert failure={ask.failure} />
      </div>
    </Panel>
  );
}
