import { nativeTheme, session, type BrowserWindowConstructorOptions, type Session } from 'electron';
import { allowsDeveloperTools } from './security/developer-tools';

/** Pages live in a session that is never written to disk: no cache, cookie or storage of a ceremony is left behind. */
export function pageSession(): Session {
  return session.fromPartition('keyrite', { cache: false });
}

/** Cloudscape's page backgrounds, so that the first frame has the colour of the page. */
export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#161d26' : '#ffffff';
}

/** What every window of ours has in common: no Node, an isolated preload, the sandbox, and no feature a ceremony does not need. */
export function pageOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    show: false,
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload,
      session: pageSession(),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      devTools: allowsDeveloperTools(),
    },
  };
}
