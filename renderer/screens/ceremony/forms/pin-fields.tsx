import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useImperativeHandle, useRef, useState, type ReactElement, type Ref } from 'react';
import { SecretField, type SecretHandle } from '../../../parts/secret-field';
import { takeTwice } from '../../../parts/take-twice';
import { usePracticePin } from '../../../parts/practice-pin';
import { text } from '../../../text/text';
import type { FormOf } from '../form-of';
import type { Secret } from '../../../parts/secret';

export interface PinHandle {
  /** The PIN; undefined where something is missing or the two entries of a new PIN differ (it is said beside the field). */
  readonly take: () => Secret | undefined;
}

interface PinFieldsProps {
  readonly pin: NonNullable<FormOf<'act'>['pin']>;
  readonly onEnter: () => void;
  readonly ref: Ref<PinHandle>;
}

const PROBLEMS = { empty: text.beat.empty, differ: text.beat.pinsDiffer } as const;

/** Whose PIN, once; a new PIN twice. A token with a pad of its own asks for it itself, and nothing is typed here. */
export function PinFields(props: PinFieldsProps): ReactElement {
  return props.pin.onDevice ? (
    <StatusIndicator type="info">{text.beat.ownPad(props.pin.seat)}</StatusIndicator>
  ) : (
    <TypedPin {...props} />
  );
}

function TypedPin({ pin, onEnter, ref }: PinFieldsProps): ReactElement {
  const first = useRef<SecretHandle>(null);
  const second = useRef<SecretHandle>(null);
  const [problem, setProblem] = useState<keyof typeof PROBLEMS | null>(null);
  const take = (): Secret | undefined => {
    const entry = pin.fresh ? takeTwice(first.current, second.current) : (first.current?.take() ?? 'empty');
    const isEntry = typeof entry !== 'string';
    setProblem(isEntry ? null : entry);
    return isEntry ? entry : undefined;
  };
  useImperativeHandle(ref, () => ({ take }));
  const user = text.stage.users[pin.user];
  const practice = usePracticePin(pin.user);
  const label = pin.fresh ? text.beat.newPinOf(pin.seat, user) : text.beat.pinOf(pin.seat, user);
  return (
    <>
      <SecretField
        ref={first}
        label={label}
        hint={`${pin.fresh ? text.beat.freshHint : text.beat.pinHint}${practice}`}
        error={problem === null ? null : PROBLEMS[problem]}
        shortcut="D"
        isNext
        onEnter={onEnter}
      />
      {pin.fresh ? <SecretField ref={second} label={text.beat.pinAgain} hint="" onEnter={onEnter} /> : null}
    </>
  );
}
