import Button from '@cloudscape-design/components/button';
import { useRef, type ReactElement } from 'react';
import { announce } from '../announce';
import { text } from '../text/text';
import styles from './code-block.module.css';

interface CodeBlockProps {
  readonly title: string;
  readonly code: string;
  /** On the wall there is nothing to press and no room for all of it. */
  readonly isProjected: boolean;
}

/** Text as it stands: commands, templates, a policy. It scrolls inside its own frame, which the keyboard reaches. */
export function CodeBlock({ title, code, isProjected }: CodeBlockProps): ReactElement {
  const frame = useRef<HTMLPreElement>(null);
  const lines = code.trimEnd().split('\n').length;
  const select = (): void => {
    if (frame.current === null) return;
    window.getSelection()?.selectAllChildren(frame.current);
    announce(text.code.selected);
  };
  return (
    <div className={isProjected ? styles.projected : undefined}>
      <pre ref={frame} className={styles.code} tabIndex={0} role="region" aria-label={title}>
        {code}
      </pre>
      <div className={styles.below}>
        <span>{isProjected ? text.code.linesOnStage(lines) : text.code.lines(lines)}</span>
        {isProjected ? null : (
          <>
            {/* Selecting needs no power that a page lacks; writing to the clipboard would, and pages have none. */}
            <Button variant="inline-link" ariaLabel={`${text.code.select}: ${title}`} onClick={select}>
              {text.code.select}
            </Button>
            <span>{text.code.copyHint}</span>
          </>
        )}
      </div>
    </div>
  );
}
