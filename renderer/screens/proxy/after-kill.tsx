import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import { useState, type ReactElement } from 'react';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { TwiceButton } from '../../parts/twice-button';
import { go } from '../../route';
import { text } from '../../text/text';
import { KillOutcome } from './kill-outcome';
import { WhatGoesOn } from './reach';
import styles from './after-kill.module.css';
import type { Kill } from './use-kill';

/** What was ticked, by kill: whoever looks at another screen meanwhile finds it again. */
const ticked = new Map<string, ReadonlySet<string>>();

/** After a kill: what it did, what is left to do by hand, and the way back. */
export function AfterKill({ proxy, kill }: { readonly proxy: ProxySnapshot; readonly kill: Kill }): ReactElement {
  const words = text.proxy;
  const isDoubtful = proxy.latch.problem !== '' || kill.outcome?.how === 'failed';
  return (
    <>
      <KillOutcome outcome={kill.outcome} />
      <div className={styles.columns}>
        <FollowUps key={proxy.latch.at} killedAt={proxy.latch.at} />
        <div className={styles.side}>
          <section className={styles.panel} aria-label={words.arm.title}>
            <h2>{words.arm.title}</h2>
            <p>{words.arm.hint}</p>
            <div>
              <Button iconName="unlocked" onClick={() => go('start', { script: 'proxy-arm' })}>
                {words.arm.act}
              </Button>
            </div>
            {isDoubtful ? (
              <TwiceButton
                label={words.arm.killAgain}
                again={words.switch.again}
                calm={words.switch.one}
                hint={words.switch.hint}
                pending={kill.pending}
                onPress={() => kill.kill('')}
              />
            ) : null}
          </section>
          <section className={styles.panel} aria-label={words.switch.goesOn}>
            <WhatGoesOn />
          </section>
        </div>
      </div>
    </>
  );
}

function FollowUps({ killedAt }: { readonly killedAt: string }): ReactElement {
  const { title, hint, list, done } = text.proxy.after;
  const [ticks, setTicks] = useState<ReadonlySet<string>>(ticked.get(killedAt) ?? new Set());
  const tick = (line: string, isDone: boolean): void => {
    const next = new Set(ticks);
    if (isDone) next.add(line);
    else next.delete(line);
    ticked.set(killedAt, next);
    setTicks(next);
  };
  return (
    <section className={styles.panel} aria-label={title}>
      <div className={styles.head}>
        <h2>{title}</h2>
        <span>{done(ticks.size, list.length)}</span>
      </div>
      <p className={styles.soft}>{hint}</p>
      {list.map((line) => (
        <Checkbox key={line} checked={ticks.has(line)} onChange={({ detail }) => tick(line, detail.checked)}>
          {line}
        </Checkbox>
      ))}
    </section>
  );
}
