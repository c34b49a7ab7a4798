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
  readonly service: 'kms' | 'sts';
  /** '' where it names none */
  readonly operation: string;
}

const TARGET = 'TrentService.';

/** KMS is called by a header (JSON 1.1), STS by a form field (Query). */
export function addressOf({ headers, body }: RawRequest): Addressed {
  const target = headers['x-amz-target'];
  if (target !== undefined) return { service: 'kms', operation: target.startsWith(TARGET) ? target.slice(TARGET.length) : '' };
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) return { service: 'kms', operation: '' };
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
  return { service: 'sts', operation: form.get('Action') ?? '' };
}
