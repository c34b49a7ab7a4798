import { open } from 'node:fs/promises';
import { z } from 'zod';
import { keyMetadata } from '../../core/xks/wire';
import type { AuthorizationQuery } from './query';
import type { TrialProblem } from './trial-words';

const text = z.string().max(2048);
const absent = text.default('');

/** The fields of a query; those that KMS may leave out can be left out. */
const queryFile = z.strictObject({
  api: z.enum(['Encrypt', 'Decrypt', 'GetKeyMetadata']),
  caller: text.min(1),
  kmsOperation: text.min(1),
  kmsKeyArn: absent,
  store: absent,
  keyId: absent,
  via: absent,
  vpc: absent,
  vpce: absent,
});

/** The body of an XKS request. It names neither key store nor key, for those are in the path; both may be written beside it. */
const bodyFile = z.looseObject({
  requestMetadata: keyMetadata.partial({ kmsRequestId: true }),
  store: absent,
  keyId: absent,
});

export type TrialRequest =
  { readonly ok: true; readonly query: AuthorizationQuery } | { readonly ok: false; readonly problem: TrialProblem };

/** Bytes. The largest request a proxy has to take is a tenth of it. */
const FILE_BYTES = 1024 * 1024;

function apiOf(body: object): AuthorizationQuery['api'] {
  if ('plaintext' in body) return 'Encrypt';
  return 'ciphertext' in body ? 'Decrypt' : 'GetKeyMetadata';
}

function fromBody(body: z.infer<typeof bodyFile>): AuthorizationQuery {
  const { awsPrincipalArn, kmsOperation, kmsKeyArn, kmsViaService, awsSourceVpc, awsSourceVpce } = body.requestMetadata;
  return {
    api: apiOf(body),
    caller: awsPrincipalArn,
    kmsOperation,
    kmsKeyArn: kmsKeyArn ?? '',
    store: body.store,
    keyId: body.keyId,
    via: kmsViaService ?? '',
    vpc: awsSourceVpc ?? '',
    vpce: awsSourceVpce ?? '',
  };
}

/** Reads one request out of JSON text: the fields of a query, or the body of an XKS request. */
export function readTrialRequest(json: string, file: string): TrialRequest {
  const refuse = (problem: string): TrialRequest => ({
    ok: false,
    problem: { where: file, problem, remedy: 'docs/authorization.md shows both forms a request can have.' },
  });
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return refuse('The file is not JSON.');
  }
  const isBody = typeof value === 'object' && value !== null && 'requestMetadata' in value;
  const read = isBody ? bodyFile.transform(fromBody).safeParse(value) : queryFile.safeParse(value);
  return read.success ? { ok: true, query: read.data } : refuse(z.prettifyError(read.error).replaceAll(/\s*\n\s*/g, ' '));
}

/** The same for a file. Nothing of its contents is ever repeated but the fields of the query: a body may hold a plaintext. */
export async function readTrialRequestFile(file: string): Promise<TrialRequest> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(FILE_BYTES), 0, FILE_BYTES, 0);
      return readTrialRequest(buffer.toString('utf8', 0, bytesRead), file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const problem = `The file cannot be read (${error instanceof Error ? error.message : String(error)}).`;
    return { ok: false, problem: { where: file, problem, remedy: 'Name a file that this user can read.' } };
  }
}
