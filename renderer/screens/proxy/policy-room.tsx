import Button from '@cloudscape-design/components/button';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { POLICY_CHARS, type PolicyTrial, type ProxyPolicy } from '../../../core/contract/proxy-policy';
import { announce } from '../../announce';
import { useAsk, type Ask } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { PolicyEditor, type PolicyEditorHandle } from './policy-editor';
import { answerOf, PolicyResult } from './policy-result';
import styles from './policy.module.css';

/** Says what is in force where no policy is: a place to begin. */
const EVERYBODY = `@id("everybody")
permit (principal, action, resource);
`;

interface Tried {
  readonly text: string;
  readonly trial: PolicyTrial;
}

interface PolicyRoomProps {
  /** what somebody has made of the text; null: nothing yet */
  readonly draft: string | null;
  readonly onDraft: (draft: string | null) => void;
}

/** The policy that the settings name, and what another text would have answered. Nothing here comes into force. */
export function PolicyRoom({ draft, onDraft }: PolicyRoomProps): ReactElement {
  const words = text.proxyPolicy;
  const reading = useAsk();
  const trying = useTrial();
  const writing = useAsk();
  const [known, setKnown] = useState<ProxyPolicy | null>(null);
  const editor = useRef<PolicyEditorHandle>(null);
  const { run: read } = reading;
  useEffect(() => {
    void read(() => bridge.proxy.policy()).then((answer) => {
      if (answer !== null) setKnown(answer.value);
    });
  }, [read]);
  const given = known?.isSet === true ? known.text : EVERYBODY;
  const current = draft ?? given;
  const change = (next: string): void => onDraft(next === given ? null : next);
  const write = async (): Promise<void> => {
    const answer = await writing.run(() => bridge.proxy.exportPolicy({ text: current }));
    if (answer !== null) announce(words.exported(answer.value.name));
  };
  const isFit = current.trim() !== '' && current.length <= POLICY_CHARS;
  if (known === null && reading.failure === null) return <Panel title={words.title}>{null}</Panel>;
  return (
    <div className={styles.room}>
      <Panel title={words.title}>
        <div className={styles.room}>
          <p className={styles.soft}>{words.hint}</p>
          <Standing known={known} />
          <FailureAlert failure={reading.failure} />
          <PolicyEditor ref={editor} text={current} onChange={change} />
          <State current={current} isChanged={draft !== null} />
          <div className={styles.acts}>
            <Button
              variant="primary"
              disabled={!isFit}
              loading={trying.ask.pending}
              loadingText={words.trying}
              onClick={() => void trying.start(current)}
            >
              {words.tryIt}
            </Button>
            {trying.ask.pending ? <Button onClick={trying.stop}>{words.stop}</Button> : null}
            <Button disabled={!isFit || writing.pending} onClick={() => void write()}>
              {words.export}
            </Button>
            <Button disabled={draft === null} onClick={() => onDraft(null)}>
              {words.reset}
            </Button>
          </div>
          <FailureAlert failure={writing.failure} />
        </div>
      </Panel>
      <Panel title={words.result}>
        <div className={styles.room}>
          <FailureAlert failure={trying.ask.failure} />
          <Outcome tried={trying.tried} current={current} onShow={(line, column) => editor.current?.show(line, column)} />
        </div>
      </Panel>
      <Panel title={words.force}>
        <p className={styles.soft}>{words.forceHint}</p>
        <ul className={styles.ways}>
          {words.forceWays.map((way) => (
            <li key={way}>{way}</li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

interface Trial {
  readonly ask: Ask;
  readonly tried: Tried | null;
  readonly start: (policy: string) => Promise<void>;
  readonly stop: () => void;
}

/** One trial at a time; leaving the screen ends it. */
function useTrial(): Trial {
  const ask = useAsk();
  const [tried, setTried] = useState<Tried | null>(null);
  const isUnderWay = useRef(false);
  useEffect(
    () => () => {
      if (isUnderWay.current) void bridge.proxy.stopTrial();
    },
    [],
  );
  const start = async (policy: string): Promise<void> => {
    isUnderWay.current = true;
    setTried(null);
    const answer = await ask.run(() => bridge.proxy.tryPolicy({ text: policy }));
    isUnderWay.current = false;
    if (answer === null) return;
    setTried({ text: policy, trial: answer.value });
    announce(answerOf(answer.value));
  };
  const stop = (): void => {
    void bridge.proxy.stopTrial().then(() => announce(text.proxyPolicy.stopped));
  };
  return { ask, tried, start, stop };
}

function Standing({ known }: { readonly known: ProxyPolicy | null }): ReactElement {
  const words = text.proxyPolicy;
  if (known === null) return <p>{words.unread}</p>;
  return (
    <div>
      <Mark kind="info">
        <strong>{known.isSet ? words.set(known.fileName) : words.notSet}</strong>
      </Mark>
      <p>{known.isSet ? words.setHint : words.notSetHint}</p>
    </div>
  );
}

function State({ current, isChanged }: { readonly current: string; readonly isChanged: boolean }): ReactElement {
  const words = text.proxyPolicy;
  return (
    <div className={styles.acts}>
      <Mark kind={isChanged ? 'warning' : 'good'}>{isChanged ? words.changed : words.unchanged}</Mark>
      <span className={styles.soft}>{words.size(current.split('\n').length, current.length)}</span>
      {current.length > POLICY_CHARS ? <Mark kind="bad">{words.tooLong(POLICY_CHARS)}</Mark> : null}
    </div>
  );
}

interface OutcomeProps {
  readonly tried: Tried | null;
  readonly current: string;
  readonly onShow: (line: number, column: number) => void;
}

function Outcome({ tried, current, onShow }: OutcomeProps): ReactElement {
  const words = text.proxyPolicy;
  if (tried === null) return <p className={styles.soft}>{words.none}</p>;
  return (
    <>
      {tried.text === current ? null : <Mark kind="warning">{words.older}</Mark>}
      <PolicyResult trial={tried.trial} onShow={onShow} />
    </>
  );
}
