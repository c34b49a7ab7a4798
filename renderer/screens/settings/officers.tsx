import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { Result } from '../../../core/contract/result';
import type { OfficerSummary } from '../../../core/contract/values';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Panel } from '../../parts/panel';
import { receive, useOfficers } from '../../snapshots';
import { text } from '../../text/text';
import { EnrolOfficer } from './enrol-officer';
import { OfficerList } from './officer-list';
import { RemoveOfficer } from './remove-officer';
import styles from './settings.module.css';

/** Whoever can take a seat at this station. */
export function Officers(): ReactElement {
  const officers = useOfficers() ?? [];
  const ask = useAsk();
  const [isEnrolling, setEnrolling] = useState(false);
  const [leaving, setLeaving] = useState<OfficerSummary | null>(null);
  const welcome = (fresh: readonly OfficerSummary[]): void => {
    const others = officers.filter((officer) => fresh.every((each) => each.id !== officer.id));
    receive('officers.changed', [...others, ...fresh]);
    announce(fresh.map((officer) => text.officers.enrolled(officer.name)).join(' '));
  };
  const add = async (question: () => Promise<Result<OfficerSummary>>): Promise<void> => {
    const answer = await ask.run(question);
    if (answer !== null) welcome([answer.value]);
  };
  const enrolPractice = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.officers.enrolRehearsal());
    if (answer !== null) welcome(answer.value);
  };
  return (
    <Panel title={text.officers.title}>
      <div className={styles.form}>
        <p className={styles.soft}>{officers.length === 0 ? text.officers.none : text.officers.hint}</p>
        <OfficerList officers={officers} onRemove={setLeaving} />
        <div className={styles.buttons}>
          <Button onClick={() => setEnrolling(true)}>{text.officers.enrolTitle}</Button>
          <Button loading={ask.pending} onClick={() => void add(() => bridge.officers.add())}>
            {text.officers.add}
          </Button>
          <Button disabled={ask.pending} onClick={() => void enrolPractice()}>
            {text.officers.practice}
          </Button>
        </div>
        <FailureAlert failure={ask.failure} />
      </div>
      {isEnrolling ? <EnrolOfficer onClose={() => setEnrolling(false)} onEnrolled={(officer) => welcome([officer])} /> : null}
      {leaving === null ? null : <RemoveOfficer officer={leaving} officers={officers} onClose={() => setLeaving(null)} />}
    </Panel>
  );
}
