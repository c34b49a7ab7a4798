import Button from '@cloudscape-design/components/button';
import { useCallback, useEffect, useState, type ReactElement } from 'react';
import type { Desk as DeskValue, DeskToken } from '../../../core/contract/values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Page } from '../../parts/page';
import { go } from '../../route';
import { receive, useCeremony, useOfficers, useProxy } from '../../snapshots';
import { text } from '../../text/text';
import { useCalendar } from '../calendar/read-calendar';
import styles from './desk.module.css';
import { FirstRehearsal } from './first-rehearsal';
import { NextDates } from './next-dates';
import { OfficerCount } from './officer-count';
import { ProxyLight } from './proxy-light';
import { RecentEvidence } from './recent-evidence';
import { TokenLight } from './token-light';
import { Unfinished } from './unfinished';

/** Asked again whenever the ceremony on the stage or the officers change: the desk tells of both. */
function useDesk(): {
  readonly desk: DeskValue | null;
  /** null until the token has answered, which takes longer than everything else */
  readonly token: DeskToken | null;
  readonly ask: ReturnType<typeof useAsk>;
} {
  const [desk, setDesk] = useState<DeskValue | null>(null);
  const [token, setToken] = useState<DeskToken | null>(null);
  const ask = useAsk();
  const ceremony = useCeremony();
  const officers = useOfficers();
  const { run } = ask;
  const askToken = useCallback(() => {
    void bridge.desk.token().then((answer) => {
      if (answer.ok) setToken(answer.value);
    });
  }, []);
  useEffect(() => {
    void run(() => bridge.desk.get()).then((answer) => {
      if (answer !== null) setDesk(answer.value);
      // after the desk is drawn: asking starts a process and loads a module, which would slow the drawing down
      requestIdleCallback(askToken);
    });
  }, [run, askToken, ceremony?.ceremonyId, ceremony?.phase, officers?.length]);
  return { desk, token, ask };
}

/** Home: is the token there, what is running, what comes next. */
export function Desk(): ReactElement {
  const { desk, token, ask } = useDesk();
  const proxy = useProxy();
  const ceremony = useCeremony();
  const calendar = useCalendar(`${ceremony?.ceremonyId ?? ''} ${ceremony?.phase ?? ''}`);
  const opening = useAsk();
  const reopen = async (ceremonyId: string): Promise<void> => {
    const answer = await opening.run(() => bridge.ceremony.reopen({ ceremonyId }));
    if (answer === null) return;
    receive('ceremony.changed', answer.value);
    go('ceremony');
  };
  return (
    <Page title={text.desk.title}>
      <FailureAlert failure={ask.failure ?? opening.failure} />
      {desk === null ? null : (
        <>
          <div className={styles.top}>
            <TokenLight token={token} />
            <ProxyLight proxy={proxy} drill={calendar.items?.find(({ kind }) => kind === 'drill') ?? null} />
            <OfficerCount count={desk.officers} />
          </div>
          <Unfinished
            running={desk.running}
            packs={desk.unfinished}
            leftBehind={desk.leftBehind}
            pending={opening.pending}
            onResume={(id) => void reopen(id)}
          />
          <NextDates calendar={calendar} />
          {isFresh(desk) ? <FirstRehearsal /> : <StartPanel />}
          <RecentEvidence packs={desk.recent} />
        </>
      )}
    </Page>
  );
}

function isFresh(desk: DeskValue): boolean {
  return desk.running === null && desk.unfinished.length === 0 && desk.recent.length === 0;
}

function StartPanel(): ReactElement {
  return (
    <div className={styles.start}>
      <Button variant="primary" onClick={() => go('start')}>
        {text.desk.start}
      </Button>
      <span>{text.desk.startShort}</span>
    </div>
  );
}
