import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useRef, useState, type ReactElement } from 'react';
import type { OfficerSummary } from '../../../core/contract/values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FormDialog } from '../../parts/form-dialog';
import { takeTwice } from '../../parts/take-twice';
import { SecretField, type SecretHandle } from '../../parts/secret-field';
import { text } from '../../text/text';

interface EnrolOfficerProps {
  readonly onClose: () => void;
  readonly onEnrolled: (officer: OfficerSummary) => void;
}

const PROBLEMS = { empty: text.beat.empty, differ: text.officers.notSame } as const;

/** A name and a passphrase twice; the key is made in main and sealed there. */
export function EnrolOfficer({ onClose, onEnrolled }: EnrolOfficerProps): ReactElement {
  const ask = useAsk();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<keyof typeof PROBLEMS | null>(null);
  const first = useRef<SecretHandle>(null);
  const second = useRef<SecretHandle>(null);
  const enrol = async (verb: 'enrol' | 'enrolToFile'): Promise<void> => {
    const passphrase = takeTwice(first.current, second.current);
    setProblem(typeof passphrase === 'string' ? passphrase : null);
    if (typeof passphrase === 'string') return;
    const answer = await ask.run(() => bridge.officers[verb]({ name: name.trim(), passphrase }));
    passphrase.fill(0);
    if (answer === null) return;
    onEnrolled(answer.value);
    onClose();
  };
  const nothing = (): void => setProblem(null);
  return (
    <FormDialog
      title={text.officers.enrolTitle}
      hint={text.officers.hint}
      action={text.officers.enrolHere}
      ready={name.trim() !== ''}
      pending={ask.pending}
      failure={ask.failure}
      onAct={() => void enrol('enrol')}
      onClose={onClose}
    >
      <FormField label={text.officers.name} description={text.officers.nameHint}>
        <Input value={name} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <SecretField
        ref={first}
        label={text.officers.passphrase}
        hint={text.officers.passphraseHint}
        error={problem === null ? null : PROBLEMS[problem]}
        onEnter={nothing}
      />
      <SecretField ref={second} label={text.officers.again} hint="" onEnter={nothing} />
      <div>
        <Button disabled={name.trim() === '' || ask.pending} onClick={() => void enrol('enrolToFile')}>
          {text.officers.enrolMedia}
        </Button>
      </div>
    </FormDialog>
  );
}
