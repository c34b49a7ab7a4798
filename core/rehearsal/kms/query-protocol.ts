import type { Answer, Refusal } from './refusal';
import type { Output } from './wire';

/** AWS services that are asked by a form (Query protocol) and answer XML. */
export type QueryService = 'sts' | 'ec2' | 'elasticloadbalancing';

interface Dialect {
  /** the form's Version, which tells the service */
  readonly version: string;
  readonly namespace: string;
  /** what an element of a list is called */
  readonly element: 'member' | 'item';
}

const DIALECTS: Readonly<Record<QueryService, Dialect>> = {
  sts: { version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', element: 'member' },
  ec2: { version: '2016-11-15', namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/', element: 'item' },
  elasticloadbalancing: {
    version: '2015-12-01',
    namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    element: 'member',
  },
};

/** The service a form is for; STS where it does not say. */
export function queryServiceOf(form: URLSearchParams): QueryService {
  if (form.get('Version') === DIALECTS.ec2.version) return 'ec2';
  return form.get('Version') === DIALECTS.elasticloadbalancing.version ? 'elasticloadbalancing' : 'sts';
}

/** `ServiceId.1=a&ServiceId.2=b` and `Arns.member.1=a`, in their order. */
export function listOf(form: URLSearchParams, name: string): readonly string[] {
  return [...form].flatMap(([key, value]) => (/^(\w+)\.(?:member\.)?\d+$/.exec(key)?.[1] === name ? [value] : []));
}

/** They call the same refusals by other names than KMS, and have 403 for those of the signature. */
const NAMES: Readonly<Record<string, readonly [string, number]>> = {
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  UnknownOperationException: ['InvalidAction', 400],
  ThrottlingException: ['Throttling', 400],
};

/** An answer as the service writes it. */
export function xmlAnswer(
  service: QueryService,
  operation: string,
  requestId: string,
  answer: Answer<Output>,
): { readonly status: number; readonly body: string } {
  if (!answer.ok) return xmlError(service, requestId, answer.refusal);
  const { namespace, element } = DIALECTS[service];
  const members = xmlOf(answer.value, element);
  const body =
    service === 'ec2'
      ? `<requestId>${requestId}</requestId>${members}`
      : `<${operation}Result>${members}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return { status: 200, body: `<${operation}Response xmlns="${namespace}">${body}</${operation}Response>` };
}

function xmlError(service: QueryService, requestId: string, { name, message, status: own }: Refusal) {
  const [code, status] = NAMES[name] ?? [name, own];
  const words = `<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message>`;
  const body =
    service === 'ec2'
      ? `<Response><Errors><Error>${words}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
      : `<ErrorResponse xmlns="${DIALECTS[service].namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>${words}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status, body };
}

function xmlOf(value: unknown, element: Dialect['element']): string {
  if (Array.isArray(value)) return value.map((one) => `<${element}>${xmlOf(one, element)}</${element}>`).join('');
  if (typeof value !== 'object' || value === null) return escaped(String(value));
  return Object.entries(value)
    .map(([name, member]) => `<${name}>${xmlOf(member, element)}</${name}>`)
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
