import type { Socket } from 'node:net';
import { errorBody } from '../answer';
import type { Connections } from './connections';
import { farewell } from './farewell';

/** What went wrong before there was a request, in one word for the record and a sentence for whoever sent it. */
export interface ClientError {
  readonly reason: 'headers' | 'slow' | 'malformed' | 'method';
  readonly message: string;
}

const CLIENT_ERRORS: Readonly<Record<string, ClientError>> = {
  HPE_HEADER_OVERFLOW: { reason: 'headers', message: 'The headers are longer than this proxy takes.' },
  ERR_HTTP_REQUEST_TIMEOUT: { reason: 'slow', message: 'The request did not arrive in time.' },
};

const MALFORMED: ClientError = { reason: 'malformed', message: 'This is not a well-formed HTTP request.' };

export function clientErrorOf(code: string | undefined): ClientError {
  return CLIENT_ERRORS[code ?? ''] ?? MALFORMED;
}

/** A whole answer as text, for connections on which no request was understood. */
export function rawAnswer(status: string, message: string, allow = ''): string {
  const body = errorBody('ValidationException', message);
  const headers = [
    'content-type: application/json',
    `content-length: ${body.length}`,
    ...(allow === '' ? [] : [`allow: ${allow}`]),
  ];
  return `HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`;
}

/**
 * Answers what is no HTTP request and ends the connection. Requests that came before it on the same connection get their answers
 * first: written earlier, ours would be taken for the answer to one of them.
 */
export async function answerClientError(socket: Socket, { message }: ClientError, connections: Connections): Promise<void> {
  await connections.settled(socket);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.write(rawAnswer('400 Bad Request', message));
  farewell(socket);
}
