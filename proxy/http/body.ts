import type { AnyRequest } from './connections';

/** `tooLong`: more than the limit; `broken`: it ended early, or not where its declared length says. */
export type Body = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly problem: 'tooLong' | 'broken' };

/** The body of a request, read up to `limitBytes`. What comes after an answer of `ok: false` is left unread. */
export function readBody(request: AnyRequest, limitBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const over = (body: Body): void => {
      request.off('data', take).off('end', end).off('error', fail).off('close', fail);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > limitBytes) over({ ok: false, problem: 'tooLong' });
    };
    const end = (): void => {
      const declared = request.headers['content-length'];
      if (declared !== undefined && Number(declared) !== length) return over({ ok: false, problem: 'broken' });
      const [only] = chunks;
      over({ ok: true, bytes: chunks.length === 1 && only ? only : Buffer.concat(chunks) });
    };
    const fail = (): void => over({ ok: false, problem: 'broken' });
    // a stream that is reset ends with neither `end` nor, over HTTP/2, `error`
    request.on('data', take).on('end', end).on('error', fail).on('close', fail);
  });
}
