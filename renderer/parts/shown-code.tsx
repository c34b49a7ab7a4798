import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactElement } from 'react';
import { text } from '../text/text';

/** Without 0/O, 1/I/L and the like: it is read off a projector. */
const LETTERS = 'ACDEFHJKMNPRTUVWXY34679';

function freshCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** A code to be typed from the screen, so that no reflex confirms what cannot be undone. */
export function useShownCode(): { readonly matches: boolean; readonly field: ReactElement } {
  const [code] = useState(freshCode);
  const [typed, setTyped] = useState('');
  const field = (
    <FormField label={text.trouble.code.label(code)} constraintText={text.trouble.code.hint}>
      <Input
        value={typed}
        autoComplete={false}
        disableBrowserAutocorrect
        spellcheck={false}
        onChange={({ detail }) => setTyped(detail.value)}
      />
    </FormField>
  );
  return { matches: typed.trim().toUpperCase() === code, field };
}
