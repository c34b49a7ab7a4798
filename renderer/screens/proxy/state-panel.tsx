import type { ReactElement, ReactNode } from 'react';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { useClock } from '../../clock';
import { Instant } from '../../parts/instant';
import { Mark } from '../../parts/mark';
import { StateSign, type SignShape, type SignTone } from '../../parts/state-sign';
import { text } from '../../text/text';
import { RecentlyHere } from './machine-panel';
import { obstaclesOf, standingOf, type Standing } from './standing';
import styles from './state-panel.module.css';

const SIGNS: Readonly<Record<Standing, readonly [SignShape, SignTone]>> = {
  serving: ['circle', 'good'],
  notServing: ['triangle', 'warning'],
  loggedOut: ['diamond', 'warning'],
  killed: ['octagon', 'bad'],
  starting: ['ring', 'calm'],
  unresponsive: ['triangle', 'warning'],
  waiting: ['ring', 'warning'],
  stopping: ['ring', 'calm'],
  paused: ['square', 'calm'],
  failed: ['diamond', 'bad'],
  asking: ['ring', 'calm'],
};

/** The state as sign, word and sentence, and below it what a person needs to know of it now. */
export function StatePanel({ proxy, children }: { readonly proxy: ProxySnapshot; readonly children: ReactNode }): ReactElement {
  const words = text.proxy;
  const standing = standingOf(proxy);
  const [shape, tone] = SIGNS[standing];
  return (
    <section className={styles.panel} aria-label={words.state}>
      <div className={styles.head}>
        <StateSign shape={shape} tone={tone} />
        <div>
          <h2 className={styles.word}>{words.standings[standing].word}</h2>
          <p className={styles.means}>{words.standings[standing].means}</p>
        </div>
      </div>
      <div className={styles.notes}>
        <Notes proxy={proxy} standing={standing} />
      </div>
      <div className={styles.buttons}>{children}</div>
    </section>
  );
}

function Notes({ proxy, standing }: { readonly proxy: ProxySnapshot; readonly standing: Standing }): ReactElement {
  const words = text.proxy;
  const { process, status, addressesGone } = proxy;
  return (
    <>
      {standing === 'killed' ? <Latch proxy={proxy} /> : null}
      {standing === 'loggedOut' ? (
        <p>
          {status?.hsm.problem} {words.whoLoggedOut}
        </p>
      ) : null}
      {standing === 'notServing' && status !== null
        ? obstaclesOf(status).map(({ what, problem }) => (
            <p key={what}>
              <Mark kind="bad">{words.obstacles[what]}</Mark> <span className={styles.soft}>{problem}</span>
            </p>
          ))
        : null}
      {standing === 'killed' && status !== null && status.hsm.loggedOut !== 'no' ? (
        <p>
          <Mark kind="warning">{words.killedAndLoggedOut}</Mark>
        </p>
      ) : null}
      {process.phase === 'waiting' ? <NextTry process={process} /> : null}
      {process.phase === 'attached' ? (
        <p>
          <Mark kind="info">{words.attached}</Mark>
        </p>
      ) : null}
      {addressesGone.length === 0 ? null : (
        <p>
          <Mark kind="warning">{words.addressGone(addressesGone.join(', '))}</Mark>
        </p>
      )}
      <RecentlyHere machine={proxy.machine} />
      <p className={styles.soft}>
        {standing === 'loggedOut' ? null : (
          <>
            {words.since} <Instant iso={standing === 'killed' && proxy.latch.at !== '' ? proxy.latch.at : process.since} /> -{' '}
          </>
        )}
        {words.services[proxy.service]}
        {proxy.rehearsal ? ` ${words.rehearsal}.` : ''}
      </p>
    </>
  );
}

/** Who killed it, and why; or why nobody can tell. */
function Latch({ proxy: { latch } }: { readonly proxy: ProxySnapshot }): ReactElement {
  const words = text.proxy;
  return (
    <>
      {latch.state === 'unknown' ? (
        <>
          <p>
            <Mark kind="bad">{words.unknownLatch}</Mark>
          </p>
          <p>{latch.problem}</p>
        </>
      ) : (
        <p>
          <strong>{words.by(latch.by === '' ? words.nobody : latch.by)}</strong> - {words.because}:{' '}
          {latch.why === '' ? words.noReason : latch.why}
        </p>
      )}
      {latch.state === 'killed' && latch.problem !== '' ? (
        <p>
          <Mark kind="bad">
            {words.latchProblem}: {latch.problem}
          </Mark>
        </p>
      ) : null}
    </>
  );
}

function NextTry({ process }: Pick<ProxySnapshot, 'process'>): ReactElement {
  const words = text.proxy;
  const now = useClock();
  const seconds = process.nextAt === null ? 0 : Math.ceil((Date.parse(process.nextAt) - now.getTime()) / 1000);
  return (
    <p>
      <Mark kind="warning">
        {words.nextTry(seconds)} - {words.restarts(process.restarts, process.restartLimit)}
      </Mark>
    </p>
  );
}
