import { lazy, Suspense, useEffect, useRef, type ReactElement } from 'react';
import { Announcer } from '../announce';
import { useAppearance } from '../appearance';
import { ModeBanner } from '../parts/mode-banner';
import { roomOf, useRoute, type Route } from '../route';
import { Desk } from '../screens/desk/desk';
import { useCeremony, useProxy, useSettings } from '../snapshots';
import { text } from '../text/text';
import styles from './app.module.css';
import { Navigation } from './navigation';

const Ceremony = lazy(() => import('../screens/ceremony/ceremony'));
const Start = lazy(() => import('../screens/start/start'));
const Proxy = lazy(() => import('../screens/proxy/proxy'));
const Keys = lazy(() => import('../screens/keys/keys'));
const Evidence = lazy(() => import('../screens/evidence/evidence'));
const Policy = lazy(() => import('../screens/policy/policy'));
const Calendar = lazy(() => import('../screens/calendar/calendar'));
const Settings = lazy(() => import('../screens/settings/settings'));

function screenOf(route: Route): ReactElement {
  switch (route) {
    case 'desk':
      return <Desk />;
    case 'start':
      return <Start />;
    case 'ceremony':
      return <Ceremony />;
    case 'proxy':
      return <Proxy />;
    case 'keys':
      return <Keys />;
    case 'policy':
      return <Policy />;
    case 'calendar':
      return <Calendar />;
    case 'evidence':
      return <Evidence />;
    case 'settings':
      return <Settings />;
  }
}

/** The main window: mode above all, navigation left, one thing in the middle. */
export function App(): ReactElement {
  const route = useRoute();
  const settings = useSettings();
  const ceremony = useCeremony();
  const proxy = useProxy();
  const middle = useRef<HTMLElement>(null);
  useAppearance(settings?.appearance ?? 'system');
  useEffect(() => {
    document.title = `${text.shell.screens[roomOf(route)]} - ${text.shell.product}`;
    middle.current?.focus({ preventScroll: true });
  }, [route]);
  const mode = ceremony?.runMode ?? (settings?.embeddedToken === false ? 'production' : 'rehearsal');
  return (
    <div className={styles.frame}>
      <header>
        <a
          className={styles.skip}
          href="#middle"
          onClick={(event) => {
            event.preventDefault();
            middle.current?.focus();
          }}
        >
          {text.shell.skip}
        </a>
        <ModeBanner mode={mode} />
      </header>
      <div className={styles.body}>
        <Navigation
          route={route}
          running={ceremony !== null && ceremony !== undefined && ceremony.phase !== 'sealed'}
          killed={proxy?.isSetUp === true && proxy.latch.state !== 'armed'}
        />
        <main id="middle" ref={middle} tabIndex={-1} className={styles.middle}>
          <Suspense fallback={<p className={styles.loading}>{text.shell.loading}</p>}>{screenOf(route)}</Suspense>
        </main>
      </div>
      <Announcer />
    </div>
  );
}
