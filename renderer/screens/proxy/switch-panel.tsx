import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactElement } from 'react';
import type { ProxySwitches } from '../../../core/contract/proxy-values';
import { Mark } from '../../parts/mark';
import { TwiceButton } from '../../parts/twice-button';
import { text } from '../../text/text';
import { KillOutcome } from './kill-outcome';
import styles from './switch-panel.module.css';
import type { Kill } from './use-kill';

const WHY_LENGTH_LIMIT = 200;

/** The switch with, at its side, what it stops and what it does not: nobody presses it for something it cannot do. */
export function SwitchPanel({ kill, switches }: { readonly kill: Kill; readonly switches: ProxySwitches }): ReactElement {
  const words = text.proxy.switch;
  const [why, setWhy] = useState('');
  return (
    <section className={styles.panel} aria-label={words.title}>
      <div className={styles.switch}>
        <h2>{words.title}</h2>
        <TwiceButton
          label={words.kill}
          again={words.again}
          hint={words.hint}
          pending={kill.pending}
          onPress={() => kill.kill(why.slice(0, WHY_LENGTH_LIMIT))}
        />
        <p className={styles.soft}>{words.one}</p>
        <FormField label={words.reason} description={words.reasonHint}>
          <Input value={why} spellcheck={false} onChange={({ detail }) => setWhy(detail.value)} />
        </FormField>
        <Shortcut switches={switches} />
        {kill.outcome?.how === 'failed' ? <KillOutcome outcome={kill.outcome} /> : null}
      </div>
      <Reach />
    </section>
  );
}

function Shortcut({ switches: { shortcut, isShortcutOn } }: { readonly switches: ProxySwitches }): ReactElement | null {
  const words = text.proxy.switch;
  if (shortcut === '') return null;
  return (
    <p className={styles.soft}>
      {isShortcutOn ? words.shortcut(shortcut) : <Mark kind="warning">{words.shortcutOff(shortcut)}</Mark>}
    </p>
  );
}

/** What a kill stops, and the longer list of what it does not. */
export function Reach(): ReactElement {
  const words = text.proxy.switch;
  return (
    <div className={styles.reach}>
      <h3>
        <Mark kind="good">{words.stops}</Mark>
      </h3>
      <ul className={styles.points}>
        {words.stopsList.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h3>
        <Mark kind="warning">{words.goesOn}</Mark>
      </h3>
      <p>{words.elsewhere}</p>
      <ExpandableSection headerText={words.goesOnIntro} defaultExpanded>
        <dl className={styles.cached}>
          {words.cached.map(([service, what]) => (
            <div key={service}>
              <dt>{service}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </ExpandableSection>
    </div>
  );
}
