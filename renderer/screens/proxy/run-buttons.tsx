import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { ProxyStatus } from '../../../core/contract/proxy-status';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import type { Result } from '../../../core/contract/result';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { FormDialog } from '../../parts/form-dialog';
import { receive } from '../../snapshots';
import { text } from '../../text/text';
import { PinDialog } from './pin-dialog';
import styles from './proxy.module.css';

const STARTABLE: ReadonlySet<string> = new Set(['stopped', 'failed']);
const PAUSABLE: ReadonlySet<string> = new Set(['starting', 'ready', 'unresponsive', 'waiting']);

/** A killed one is logged in when it is armed; the PIN can be given before where a person logged it out. */
function wantsLogin({ latch, hsm }: ProxyStatus): boolean {
  return hsm.loggedOut !== 'no' || (hsm.condition === 'loginRefused' && !latch.killed);
}

type Dialog = 'start' | 'login' | 'pause' | null;

/** Start, planned pause, and a login after a refused PIN: what an operator does on an ordinary day. */
export function RunButtons({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const words = text.proxy;
  const { process, status, needsPin, rehearsal } = proxy;
  const ask = useAsk();
  const [dialog, setDialog] = useState<Dialog>(null);
  const done = (said: string) => (next: ProxySnapshot) => {
    receive('proxy.changed', next);
    announce(said);
    setDialog(null);
  };
  const run = async (question: () => Promise<Result<ProxySnapshot>>, said: string): Promise<void> => {
    const answer = await ask.run(question);
    if (answer !== null) done(said)(answer.value);
  };
  const start = (): void => {
    if (needsPin) setDialog('start');
    else void run(() => bridge.proxy.start({ pin: null }), words.started);
  };
  return (
    <>
      {STARTABLE.has(process.phase) ? (
        <Button variant="primary" iconName="play" loading={ask.pending} loadingText={words.starting} onClick={start}>
          {process.phase === 'failed' ? words.startAgain : words.start}
        </Button>
      ) : null}
      {status !== null && wantsLogin(status) ? (
        <Button iconName="key" onClick={() => setDialog('login')}>
          {status.hsm.loggedOut === 'no' ? words.login : words.logInOut}
        </Button>
      ) : null}
      {PAUSABLE.has(process.phase) ? (
        <Button iconName="pause" onClick={() => setDialog('pause')}>
          {words.pause}
        </Button>
      ) : null}
      {ask.failure === null || dialog !== null ? null : (
        <div className={styles.wide}>
          <FailureAlert failure={ask.failure} />
        </div>
      )}
      {dialog === 'start' ? (
        <PinDialog
          title={words.pinDialog}
          hint={words.pinHint}
          action={words.start}
          isPractice={rehearsal}
          onPin={(pin) => bridge.proxy.start({ pin })}
          onDone={done(words.started)}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'login' ? (
        <PinDialog
          title={words.loginDialog}
          hint={words.loginHint}
          action={words.logInOut}
          isPractice={rehearsal}
          onPin={(pin) => bridge.proxy.login({ pin })}
          onDone={done(words.loggedInNow)}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'pause' ? (
        <FormDialog
          title={words.pauseDialog}
          hint={words.pauseHint}
          action={words.pauseAct}
          ready
          pending={ask.pending}
          failure={ask.failure}
          onAct={() => void run(() => bridge.proxy.stop(), words.paused)}
          onClose={() => setDialog(null)}
        >
          {null}
        </FormDialog>
      ) : null}
    </>
  );
}
