import Button from '@cloudscape-design/components/button';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useRef, useState, type ReactElement, type ReactNode } from 'react';
import type { RunMode } from '../../../../core/ceremony/view-model';
import { PRACTICE_PASSPHRASE } from '../../../../core/contract/fixed-words';
import { SecretField, type SecretHandle } from '../../../parts/secret-field';
import { text } from '../../../text/text';
import styles from './form.module.css';
import type { Secret } from '../../../parts/secret';

export interface CredentialSeat {
  readonly seat: string;
  readonly officerId: string;
  readonly name: string;
}

interface SeatCredentialProps {
  readonly seats: readonly CredentialSeat[];
  readonly runMode: RunMode;
  readonly pending: boolean;
  readonly label: (seat: string) => string;
  readonly onPresent: (seat: CredentialSeat, passphrase: Secret) => void;
  /** What is signed stands above: focus stays up there, so that it is read before the passphrase is entered. */
  readonly readFirst?: boolean;
  /** More that the chosen seat can do instead. */
  readonly other?: (seat: CredentialSeat) => ReactNode;
}

/** An officer steps up: picks their seat, opens their key with their passphrase. */
export function SeatCredential({
  seats,
  runMode,
  pending,
  label,
  readFirst = false,
  onPresent,
  other,
}: SeatCredentialProps): ReactElement | null {
  const [picked, setPicked] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  const secret = useRef<SecretHandle>(null);
  const active = seats.find((each) => each.seat === picked) ?? seats[0];
  if (active === undefined) return null;
  const present = (): void => {
    const passphrase = secret.current?.take() ?? null;
    setMissing(passphrase === null);
    if (passphrase !== null) onPresent(active, passphrase);
  };
  const hint = runMode === 'rehearsal' ? text.beat.practiceHint(PRACTICE_PASSPHRASE) : '';
  return (
    <div className={styles.form}>
      {seats.length === 1 ? null : (
        <RadioGroup
          ariaLabel={text.beat.seat}
          direction="horizontal"
          value={active.seat}
          items={seats.map((each) => ({ value: each.seat, label: `${each.seat} - ${each.name}` }))}
          onChange={({ detail }) => {
            secret.current?.clear();
            setPicked(detail.value);
          }}
        />
      )}
      <SecretField
        ref={secret}
        label={text.beat.passphraseOf(active.name)}
        hint={hint}
        error={isMissing ? text.beat.empty : null}
        shortcut="D"
        isNext={!readFirst}
        onEnter={present}
      />
      <div className={styles.buttons}>
        <Button variant="primary" loading={pending} onClick={present}>
          {label(active.seat)}
        </Button>
        {other?.(active)}
      </div>
    </div>
  );
}
