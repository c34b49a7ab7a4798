import FormField from '@cloudscape-design/components/form-field';
import { useId, useImperativeHandle, useRef, type ReactElement, type Ref } from 'react';
import styles from './secret-field.module.css';
import type { Secret } from './secret';

export interface SecretHandle {
  /** The secret as UTF-8 bytes; the field is empty afterwards. null where nothing was entered. */
  readonly take: () => Secret | null;
  readonly clear: () => void;
}

interface SecretFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly error?: string | null;
  /** The stage's shortcut that leads here. */
  readonly shortcut?: string;
  /** Focus comes here by itself when it is its turn. */
  readonly isNext?: boolean;
  readonly onEnter: () => void;
  readonly ref: Ref<SecretHandle>;
}

/**
 * A field for a PIN or passphrase. It is not under React's control, so no render ever holds the secret: the text lives in the one
 * element, is read once into bytes, and is gone from the field in the same breath. The caller overwrites the bytes.
 */
export function SecretField({
  label,
  hint,
  error = null,
  shortcut,
  isNext = false,
  onEnter,
  ref,
}: SecretFieldProps): ReactElement {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ take: () => takeBytes(input.current), clear: () => empty(input.current) }), []);
  return (
    <FormField label={label} description={hint} errorText={error} controlId={id}>
      <input
        ref={input}
        id={id}
        className={styles.field}
        type="password"
        autoComplete="new-password"
        autoCorrect="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={256}
        data-shortcut={shortcut}
        data-next={isNext ? '' : undefined}
        aria-invalid={error !== null}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.repeat) onEnter();
        }}
      />
    </FormField>
  );
}

function empty(input: HTMLInputElement | null): void {
  if (input !== null) input.value = '';
}

function takeBytes(input: HTMLInputElement | null): Secret | null {
  if (input === null || input.value === '') return null;
  const bytes = new TextEncoder().encode(input.value);
  empty(input);
  return bytes;
}
