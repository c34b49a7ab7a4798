import Icon, { type IconProps } from '@cloudscape-design/components/icon';
import type { ReactElement } from 'react';
import { roomOf, SCREENS, type Route, type Screen } from '../route';
import { text } from '../text/text';
import styles from './navigation.module.css';

const ICONS: Readonly<Record<Screen, IconProps.Name>> = {
  desk: 'grid-view',
  ceremony: 'list-view',
  proxy: 'security',
  keys: 'key',
  evidence: 'transcript',
  settings: 'settings',
};

interface NavigationProps {
  readonly route: Route;
  /** a ceremony is on the stage */
  readonly running: boolean;
  /** the proxy is killed */
  readonly killed: boolean;
}

/** The rooms, each an icon with its word; what must not be overlooked stands at its room from everywhere. */
export function Navigation({ route, running, killed }: NavigationProps): ReactElement {
  const here = roomOf(route);
  return (
    <nav className={styles.rail} aria-label={text.shell.navigation}>
      {SCREENS.map((screen) => (
        <a key={screen} href={`#/${screen}`} className={styles.item} aria-current={screen === here ? 'page' : undefined}>
          <Icon name={ICONS[screen]} />
          <span>{text.shell.screens[screen]}</span>
          {screen === 'ceremony' && running ? <span className={styles.mark}>{text.shell.running}</span> : null}
          {screen === 'proxy' && killed ? <span className={styles.killed}>{text.shell.killed}</span> : null}
        </a>
      ))}
    </nav>
  );
}
