import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useRef, type ReactElement } from 'react';
import { Mark } from '../../parts/mark';
import { text } from '../../text/text';
import { lineOf, problemOf, type ListField, type Problem } from './preview';
import styles from './policy.module.css';

interface RoleFieldProps {
  readonly field: ListField | 'breakGlass';
  readonly arns: readonly string[];
  readonly example: string;
  readonly problems: readonly Problem[];
  /** as many as there can be */
  readonly most: number;
  readonly onChange: (arns: readonly string[]) => void;
}

/** What is wrong with one line, in a sentence with its remedy. */
function wrongAt(arns: readonly string[], problems: readonly Problem[], line: number): string | null {
  const found = problems.find(({ index }) => lineOf(arns, index ?? 0) === line);
  return found === undefined ? null : `${found.problem} ${found.remedy}`;
}

/** Who holds one duty: a line for each ARN, judged as it is typed. */
export function RoleField({ field, arns, example, problems, most, onChange }: RoleFieldProps): ReactElement {
  const words = text.policy;
  const { title, hint, add } = words.roles[field];
  const group = useRef<HTMLDivElement>(null);
  const own = problems.filter((problem) => problem.field === field);
  const inLines = field === 'breakGlass' ? own : own.filter(({ index }) => index !== null);
  const missing = field === 'breakGlass' ? null : problemOf(own, field);
  const addLine = (): void => {
    onChange([...arns, '']);
    requestAnimationFrame(() => [...(group.current?.querySelectorAll('input') ?? [])].at(-1)?.focus());
  };
  return (
    <div ref={group} className={styles.role} role="group" aria-label={title}>
      <h3>{title}</h3>
      <p className={styles.soft}>{hint}</p>
      {arns.map((arn, i) => (
        <div key={i} className={styles.line}>
          <FormField errorText={wrongAt(arns, inLines, i)} stretch>
            <Input
              ariaLabel={words.entry(title, i + 1)}
              value={arn}
              placeholder={example}
              autoComplete={false}
              disableBrowserAutocorrect
              spellcheck={false}
              onChange={({ detail }) => onChange(arns.with(i, detail.value))}
            />
          </FormField>
          <Button
            iconName="remove"
            variant="icon"
            ariaLabel={words.remove(title, i + 1)}
            onClick={() => onChange(arns.filter((_, other) => other !== i))}
          />
        </div>
      ))}
      <div className={styles.below}>
        {arns.length < most ? (
          <Button iconName="add-plus" ariaLabel={add} onClick={addLine}>
            {words.add}
          </Button>
        ) : null}
        {missing === null ? null : (
          <Mark kind="warning">
            {missing.problem} {missing.remedy}
          </Mark>
        )}
        {arns.length === 0 && missing === null ? <span className={styles.soft}>{words.nobody}</span> : null}
      </div>
    </div>
  );
}
