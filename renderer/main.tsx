import '@cloudscape-design/global-styles/index.css';
import './parts/tokens.css';
import './parts/base.css';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import type { AppInfo } from '../core/contract/values';
import { bridge } from './bridge-client';
import { App } from './shell/app';
import { guardKeyRepeat } from './shell/key-repeat';
import { openSnapshots } from './snapshots';

const Projector = lazy(() => import('./screens/projector/projector'));

/** Where main does not answer, the desk is still drawn: its own questions then show what is wrong. */
async function whichWindow(): Promise<AppInfo['window']> {
  const info = await bridge.app.info();
  return info.ok ? info.value.window : 'main';
}

async function open(): Promise<void> {
  const place = document.getElementById('page');
  if (place === null) throw new Error('index.html has no #page.');
  guardKeyRepeat();
  openSnapshots();
  const window = await whichWindow();
  createRoot(place).render(
    <StrictMode>
      <Suspense>{window === 'projector' ? <Projector /> : <App />}</Suspense>
    </StrictMode>,
  );
}

void open();
