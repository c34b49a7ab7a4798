import type { EventEmitter } from 'node:events';
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';

/** Streams a client may have open at once: KMS needs far fewer, and each costs memory before anybody is authenticated. */
const STREAMS = 100;

/** What one session may hold in memory, in MB: headers and bodies of all its streams. */
const SESSION_MB = 4;

/** How long a session that is being closed may finish its streams, in ms. */
const GOODBYE_MS = 1000;

export function http2Options(headerBytes: number): Readonly<Record<string, unknown>> {
  return {
    maxSessionMemory: SESSION_MB,
    maxHeaderListPairs: 64,
    maxOutstandingPings: 4,
    maxSettings: 16,
    maxSessionInvalidFrames: 10,
    maxSessionRejectedStreams: 50,
    settings: { maxConcurrentStreams: STREAMS, maxHeaderListSize: headerBytes, enablePush: false },
  };
}

/**
 * Ends HTTP/2 sessions that have no request under way for `idleMs`. Node's own timeout counts any frame as life, so a client could
 * hold a connection for ever with pings or with headers that never end.
 * @returns ends all sessions: those with requests under way after these are answered
 */
export function guardSessions(server: EventEmitter, idleMs: number): () => void {
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => undefined); // the client's fault, and the session is gone
    closeWhenIdle(session, idleMs);
  });
  return () => {
    for (const session of sessions) goodbye(session);
  };
}

function closeWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  let streams = 0;
  const wait = (): NodeJS.Timeout => setTimeout(() => goodbye(session), idleMs).unref();
  let timer = wait();
  session.on('stream', (stream: ServerHttp2Stream) => {
    streams += 1;
    clearTimeout(timer);
    stream.once('close', () => {
      streams -= 1;
      if (streams === 0 && !session.destroyed) timer = wait();
    });
  });
  session.once('close', () => clearTimeout(timer));
}

function goodbye(session: ServerHttp2Session): void {
  if (session.destroyed) return;
  const timer = setTimeout(() => session.destroy(), GOODBYE_MS);
  session.once('close', () => clearTimeout(timer));
  session.close();
}

/** After the whole answer: the rest of the request is not wanted (RFC 9113 section 8.1). */
export function stopReading(stream: ServerHttp2Stream): void {
  stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
}
