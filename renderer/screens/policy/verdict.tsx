import type { ReactElement } from 'react';
import type { JudgedPolicy, LockoutVerdict } from '../../../core/contract/key-policy';
import { FailureAlert } from '../../parts/failure-alert';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import type { Preview } from './preview';
import styles from './policy.module.css';

function Counts({ findings }: Pick<JudgedPolicy, 'findings'>): ReactElement {
  const words = text.policy;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return (
    <>
      {errors > 0 ? <Mark kind="bad">{words.errors(errors)}</Mark> : null}
      {warnings > 0 ? <Mark kind="warning">{words.warnings(warnings)}</Mark> : null}
      {findings.length === 0 ? <Mark kind="good">{words.noFindings}</Mark> : null}
    </>
  );
}

function Caller({ caller }: Pick<LockoutVerdict, 'caller'>): ReactElement {
  const words = text.policy;
  if (caller === null) return <Mark kind="info">{words.callerUnknown}</Mark>;
  const kind = caller === 'allow' ? 'good' : caller === 'no' || caller === 'deny' ? 'bad' : 'warning';
  return <Mark kind={kind}>{words.callers[caller]}</Mark>;
}

/** Could the policy be changed again: by whoever puts it, and by whom else. */
function Lockout({ lockout }: Pick<JudgedPolicy, 'lockout'>): ReactElement {
  const words = text.policy;
  return (
    <>
      <Caller caller={lockout.caller} />
      <div>
        <h3>{words.keepers}</h3>
        {lockout.keepers.length === 0 ? <Mark kind="bad">{words.noKeepers}</Mark> : null}
        <ul>
          {lockout.keepers
            .toSorted((a, b) => a.fragile.length - b.fragile.length)
            .map(({ name, sure, fragile }) => (
              <li key={name}>
                <strong className={styles.arn}>{name}</strong> {sure && fragile.length === 0 ? words.sure : words.ifOnly}
                {fragile.map((sentence) => (
                  <p key={sentence} className={styles.soft}>
                    {sentence}
                  </p>
                ))}
              </li>
            ))}
        </ul>
        {lockout.denied.length === 0 ? null : <Mark kind="bad">{words.denied(lockout.denied.join(', '))}</Mark>}
      </div>
    </>
  );
}

/** The short of everything below: can it be made, what the lint says, who is locked out. */
export function Verdict({ preview, failure, pending }: Preview): ReactElement {
  const words = text.policy;
  const judged = preview?.judged ?? null;
  return (
    <Panel title={words.verdict}>
      <div className={styles.verdict}>
        {preview === null && pending ? <Mark kind="now">{words.judging}</Mark> : null}
        {preview === null || judged !== null ? null : (
          <>
            <Mark kind="warning">{words.notYet(preview.problems.length)}</Mark>
            <ul className={styles.problems}>
              {preview.problems.map(({ problem, remedy }) => (
                <li key={`${problem}${remedy}`}>
                  {problem} {remedy}
                </li>
              ))}
            </ul>
          </>
        )}
        {judged === null ? null : (
          <>
            <Counts findings={judged.findings} />
            <Lockout lockout={judged.lockout} />
          </>
        )}
        <FailureAlert failure={failure} />
      </div>
    </Panel>
  );
}
