import { app, type Session } from 'electron';
import { PAGE_ORIGIN } from '../app-scheme';
import { LOG, type Log } from '../log';

/** Before the app is ready: Chromium's own services (updates, pings, name look-ups) stay silent. Calls to AWS are Node's, not Chromium's. */
export function silenceChromium(): void {
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
  app.commandLine.appendSwitch('no-pings');
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/**
 * Rule: pages load from app:// and from nowhere else, whatever a stylesheet, script or extension asks for. file:// never comes past
 * the request filter, so it is answered by us, too: with nothing.
 */
export function forbidNetwork(session: Session, log: Log): void {
  session.protocol.handle('file', () => new Response(null, { status: 403 }));
  session.webRequest.onBeforeRequest((details, decide) => {
    const isOurs = details.url.startsWith(`${PAGE_ORIGIN}/`);
    if (!isOurs) log.note(LOG.requestBlocked, { kind: details.resourceType, scheme: details.url.split(':', 1)[0] ?? '' });
    decide({ cancel: !isOurs });
  });
}
