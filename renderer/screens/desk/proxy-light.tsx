import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { CalendarItem } from '../../../core/contract/calendar-values';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { Instant } from '../../parts/instant';
import { Mark, type MarkKind } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { TwiceButton } from '../../parts/twice-button';
import { go } from '../../route';
import { text } from '../../text/text';
import { NearnessMark } from '../calendar/nearness-mark';
import { KillOutcome } from '../proxy/kill-outcome';
import { standingOf, type Standing } from '../proxy/standing';
import { useKill } from '../proxy/use-kill';
import styles from './desk.module.css';

const LIGHTS: Readonly<Record<Standing, MarkKind>> = {
  serving: 'good',
  notServing: 'warning',
  loggedOut: 'stopped',
  killed: 'bad',
  starting: 'now',
  unresponsive: 'warning',
  waiting: 'warning',
  stopping: 'now',
  paused: 'waiting',
  failed: 'bad',
  asking: 'waiting',
};

type Runs = keyof typeof text.proxy.desk.runs;

function whatRuns({ process, service }: ProxySnapshot): Runs {
  if (process.phase === 'attached') return service === 'running' ? 'service' : 'other';
  return process.phase === 'stopped' || process.phase === 'failed' ? 'nothing' : 'app';
}

interface ProxyLightProps {
  /** undefined until main has answered */
  readonly proxy: ProxySnapshot | undefined;
  /** the next drill, null where none is entered */
  readonly drill: CalendarItem | null;
}

/** The proxy's state with the big switch: from the desk, too, a kill is two presses away. */
export function ProxyLight({ proxy, drill }: ProxyLightProps): ReactElement {
  const words = text.proxy;
  return (
    <Panel title={words.desk.title}>
      {proxy === undefined ? (
        <Mark kind="waiting">{words.standings.asking.word}</Mark>
      ) : proxy.isSetUp ? (
        <Light proxy={proxy} drill={drill} />
      ) : (
        <div className={styles.light}>
          <div className={styles.state}>
            <Mark kind="waiting">{words.desk.none}</Mark>
          </div>
          <ToProxy />
        </div>
      )}
    </Panel>
  );
}

function ToProxy(): ReactElement {
  return (
    <div>
      <Button variant="inline-link" onClick={() => go('proxy')}>
        {text.proxy.desk.open}
      </Button>
    </div>
  );
}

function Light({ proxy, drill }: { readonly proxy: ProxySnapshot; readonly drill: CalendarItem | null }): ReactElement {
  const words = text.proxy;
  const kill = useKill();
  const standing = standingOf(proxy);
  const isKilled = standing === 'killed';
  return (
    <div className={styles.light}>
      <div className={styles.state}>
        <Mark kind={LIGHTS[standing]}>{words.standings[standing].word}</Mark>
      </div>
      <p>{words.standings[standing].means}</p>
      <p className={styles.where}>
        {words.desk.runs[whatRuns(proxy)]}
        {isKilled && proxy.latch.by !== '' ? ` ${words.by(proxy.latch.by)}` : ''}
        {isKilled && proxy.latch.at !== '' ? (
          <>
            {' - '}
            <Instant iso={proxy.latch.at} />
          </>
        ) : null}
      </p>
      <KillOutcome outcome={kill.outcome} />
      {isKilled ? null : (
        <TwiceButton
          label={words.switch.kill}
          again={words.switch.again}
          calm={words.switch.one}
          hint={words.switch.hint}
          pending={kill.pending}
          onPress={() => kill.kill('')}
        />
      )}
      <p className={styles.where}>
        {drill === null ? (
          words.desk.noDrill
        ) : (
          <>
            {words.desk.drill}: <NearnessMark item={drill} />
          </>
        )}
      </p>
      <ToProxy />
    </div>
  );
}
