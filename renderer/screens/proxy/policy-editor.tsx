import { useId, useImperativeHandle, useMemo, useRef, type ReactElement, type Ref } from 'react';
import { text as words } from '../../text/text';
import { placeOf } from './policy-place';
import styles from './policy.module.css';

/** Pixels; the style sheet has the same. */
const LINE = 20;
/** Lines in sight: as many as there are, within these. */
const FEWEST = 8;
const MOST = 20;

export interface PolicyEditorHandle {
  /** Brings a place into sight and selects from there to the end of its line. */
  readonly show: (line: number, column: number) => void;
}

interface PolicyEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly ref: Ref<PolicyEditorHandle>;
}

/** A text with the numbers of its lines, which problems speak of. Tab leaves it, as every other field. */
export function PolicyEditor({ text, onChange, ref }: PolicyEditorProps): ReactElement {
  const { editor, editorHint } = words.proxyPolicy;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const lines = text.split('\n').length;
  const shown = Math.min(Math.max(lines + 1, FEWEST), MOST);
  const numbers = useMemo(() => Array.from({ length: lines }, (_, i) => String(i + 1)).join('\n'), [lines]);
  useImperativeHandle(
    ref,
    () => ({
      show: (line, column) => {
        if (field.current === null) return;
        const { start, end } = placeOf(field.current.value, line, column);
        field.current.focus();
        field.current.setSelectionRange(start, end);
        field.current.scrollTop = Math.max(0, line - 4) * LINE;
      },
    }),
    [],
  );
  return (
    <div>
      <label htmlFor={id} className={styles.label}>
        {editor}
      </label>
      <div className={styles.editor} style={{ height: `min(${String(shown * LINE + 18)}px, 55vh)` }}>
        <div ref={gutter} className={styles.numbers} aria-hidden="true">
          {numbers}
        </div>
        <textarea
          ref={field}
          id={id}
          className={styles.text}
          value={text}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange(event.target.value)}
          onScroll={({ currentTarget }) => {
            if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop;
          }}
        />
      </div>
      <p id={`${id}-hint`} className={styles.soft}>
        {editorHint}
      </p>
    </div>
  );
}
