import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { PolicyChanges, PolicyReplay, PolicyTextProblem, PolicyTrial } from '../../../core/contract/proxy-policy';
import { Mark } from '../../parts/mark';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import styles from './policy.module.css';

interface PolicyResultProps {
  readonly trial: PolicyTrial;
  readonly onShow: (line: number, column: number) => void;
}

/** The answer in one sentence. */
export function answerOf(trial: PolicyTrial): string {
  const words = text.proxyPolicy;
  if (trial.kind === 'problems') return words.problems(trial.problems.length);
  if (trial.kind === 'noLog') return words.noLog;
  const { judged, refused, allowed } = trial.replay;
  if (judged === 0) return words.noRequests;
  const isSame = refused.requests + allowed.requests === 0;
  return isSame ? words.nothing : words.changes(refused.requests, allowed.requests);
}

/** Of a time in ISO 8601 UTC; whatever else a log has there is left as it is. */
const minuteOf = (iso: string): string => (/^\d{4}-\d\d-\d\dT.*Z$/.test(iso) ? `${iso.slice(0, 16)}Z` : iso);

/** What came of a trial: the answer first. */
export function PolicyResult({ trial, onShow }: PolicyResultProps): ReactElement {
  const words = text.proxyPolicy;
  if (trial.kind === 'problems') return <Problems problems={trial.problems} answer={answerOf(trial)} onShow={onShow} />;
  if (trial.kind === 'noLog')
    return (
      <Alert type="error" header={answerOf(trial)}>
        {trial.problem}
      </Alert>
    );
  const { replay } = trial;
  const { judged, since, until, reach, refused, allowed } = replay;
  const isSame = refused.requests + allowed.requests === 0;
  return (
    <div className={styles.room}>
      <h3>
        <Mark kind={judged === 0 ? 'info' : isSame ? 'good' : 'warning'}>{answerOf(trial)}</Mark>
      </h3>
      <p>
        {judged === 0 ? words.noRequestsHint : words.judged(judged, minuteOf(since), minuteOf(until))} {words.reaches[reach]}{' '}
        {judged === 0 ? '' : words.quarterly}
      </p>
      {judged === 0 ? null : (
        <>
          <Changes title={words.refused} empty={words.refusedNone} changes={refused} />
          <Changes title={words.allowed} empty={words.allowedNone} changes={allowed} />
        </>
      )}
      <NotJudged {...replay.notJudged} />
    </div>
  );
}

interface ChangesProps {
  readonly title: string;
  readonly empty: string;
  readonly changes: PolicyChanges;
}

function Changes({ title, empty, changes: { rows, unlisted } }: ChangesProps): ReactElement {
  const words = text.proxyPolicy;
  return (
    <div className={styles.changes}>
      <h4>{title}</h4>
      <PlainTable
        title={title}
        columns={[words.caller, words.operation, words.key, words.policy, words.before, words.requests]}
        empty={empty}
        rows={rows.map(({ caller, kmsOperation, store, keyId, policy, wasPolicy, requests }, i) => ({
          key: String(i),
          cells: [
            <span key="caller" className={styles.caller}>
              {caller}
            </span>,
            kmsOperation,
            <span key="key" className="mono">{`${store}/${keyId}`}</span>,
            <span key="policy" className="mono">
              {policy}
            </span>,
            wasPolicy === '' ? (
              <span key="before" className={styles.soft}>
                {words.noPolicy}
              </span>
            ) : (
              <span key="before" className="mono">
                {wasPolicy}
              </span>
            ),
            String(requests),
          ],
        }))}
      />
      {unlisted === 0 ? null : <p className={styles.soft}>{words.more(unlisted)}</p>}
    </div>
  );
}

function NotJudged({ health, refusedBefore, otherEvents, unreadable }: PolicyReplay['notJudged']): ReactElement | null {
  const words = text.proxyPolicy;
  const parts = [
    health === 0 ? '' : words.health(health),
    refusedBefore === 0 ? '' : words.refusedBefore(refusedBefore),
    otherEvents === 0 ? '' : words.otherEvents(otherEvents),
    unreadable === 0 ? '' : words.unreadable(unreadable),
  ].filter((part) => part !== '');
  if (parts.length === 0) return null;
  return (
    <p className={styles.soft}>
      {words.notJudged}: {parts.join('; ')}.
    </p>
  );
}

interface ProblemsProps {
  readonly problems: readonly PolicyTextProblem[];
  readonly answer: string;
  readonly onShow: PolicyResultProps['onShow'];
}

function Problems({ problems, answer, onShow }: ProblemsProps): ReactElement {
  const words = text.proxyPolicy;
  return (
    <div className={styles.room}>
      <h3>
        <Mark kind="bad">{answer}</Mark>
      </h3>
      <p className={styles.soft}>{words.problemsHint}</p>
      <ul className={styles.problems}>
        {problems.map(({ at, problem, remedy }, i) => (
          <li key={i}>
            {at === null ? (
              <strong>{words.whole}</strong>
            ) : (
              <Button variant="inline-link" onClick={() => onShow(at.line, at.column)}>
                {words.line(at.line, at.column)}
              </Button>
            )}
            <p>{problem}</p>
            <p>
              <strong>{words.remedy}</strong> {remedy}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
