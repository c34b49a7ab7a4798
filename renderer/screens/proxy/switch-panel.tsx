import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactElement } from 'react';
import type { ProxySwitches } from '../../../core/contract/proxy-values';
import { Mark } from '../../parts/mark';
import { TwiceButton } from '../../parts/twice-button';
import { text } from '../../text/text';
import { KillOutcome } from './kill-outcome';
import { shortcutText } from './shortcut-text';
import styles from './switch-panel.module.css';
import type { Kill } from './use-kill';

const WHY_LENGTH_LIMIT = 200;

/** The switch. A reason can be given, and is never waited for. */
export function SwitchPanel({ kill, switches }: { readonly kill: Kill; readonly switches: ProxySwitches }): ReactElement {
  const words = text.proxy.switch;
  const [why, setWhy] = useState('');
  return (
    <section className={styles.switch} aria-label={words.title}>
      <h2>{words.title}</h2>
      <TwiceButton
        label={words.kill}
        again={words.again}
        calm={words.one}
        hint={words.hint}
        pending={kill.pending}
        onPress={() => kill.kill(why.slice(0, WHY_LENGTH_LIMIT))}
      />
      <FormField label={words.reason} description={words.reasonHint}>
        <Input value={why} spellcheck={false} onChange={({ detail }) => setWhy(detail.value)} />
      </FormField>
      <Shortcut switches={switches} />
      {kill.outcome?.how === 'failed' ? <KillOutcome outcome={kill.outcome} /> : null}
    </section>
  );
}

function Shortcut({ switches: { shortcut, isShortcutOn } }: { readonly switches: ProxySwitches }): ReactElement | null {
  const words = text.proxy.switch;
  if (shortcut === '') return null;
  const keys = shortcutText(shortcut);
  return (
    <p className={styles.soft}>{isShortcutOn ? words.shortcut(keys) : <Mark kind="warning">{words.shortcutOff(keys)}</Mark>}</p>
  );
}
