import { queryServiceOf, type QueryService } from './query-protocol';

/** A request as an endpoint took it in. */
export interface RawRequest {
  readonly region: string;
  readonly method: string;
  readonly path: string;
  /** lower-case name -> value */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly sourceAddress: string;
}

/** Which API a request is for. */
export interface Addressed {
  readonly service: 'kms' | QueryService;
  /** '' where it names none */
  readonly operation: string;
}

const TARGET = 'TrentService.';

/** KMS is called by a header (JSON 1.1), every other service by a form field (Query). */
export function addressOf(request: RawRequest): Addressed {
  const { headers } = request;
  const target = headers['x-amz-target'];
  if (target !== undefined) return { service: 'kms', operation: target.startsWith(TARGET) ? target.slice(TARGET.length) : '' };
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) return { service: 'kms', operation: '' };
  const form = formOf(request);
  return { service: queryServiceOf(form), operation: form.get('Action') ?? '' };
}

export function formOf({ body }: RawRequest): URLSearchParams {
  return new URLSearchParams(Buffer.from(body).toString('utf8'));
}
