import type { ReactElement } from 'react';
import { Mark } from '../../parts/mark';
import { text } from '../../text/text';
import styles from './reach.module.css';

/** At the side of the switch: what it stops, and what it does not. Nobody presses it for something it cannot do. */
export function Reach(): ReactElement {
  const words = text.proxy.switch;
  return (
    <section className={styles.reach} aria-label={words.reach}>
      <h3>
        <Mark kind="good">{words.stops}</Mark>
      </h3>
      <ul className={styles.points}>
        {words.stopsList.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <WhatGoesOn />
    </section>
  );
}

/** The services that hold data keys already, by name. */
export function WhatGoesOn(): ReactElement {
  const words = text.proxy.switch;
  return (
    <>
      <h3>
        <Mark kind="warning">{words.goesOn}</Mark>
      </h3>
      <p>{words.elsewhere}</p>
      <p>{words.goesOnIntro}</p>
      <dl className={styles.cached}>
        {words.cached.map(([service, what]) => (
          <div key={service}>
            <dt>{service}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
