import { app } from 'electron';
import { LOG, type Log } from '../log';

/**
 * Rule: a window shows the page it was opened with, for good. No link, script, redirect or dropped file leads anywhere else, and no
 * page opens a window or embeds another page. Bridge calls are tied to the page's origin, so a navigated window is a confused deputy.
 */
export function forbidNavigation(log: Log): void {
  app.on('web-contents-created', (_, contents) => {
    const refuse = (what: string) => (event: { preventDefault: () => void }) => {
      event.preventDefault();
      log.note(LOG.pageBlocked, { what });
    };
    contents.on('will-navigate', refuse('navigation'));
    contents.on('will-frame-navigate', refuse('frame navigation'));
    contents.on('will-redirect', refuse('redirect'));
    contents.on('will-attach-webview', refuse('webview'));
  });
}
