import type { XksApi } from '../../core/xks/uri';

/** Longest text taken over from a request: an ARN's limit. */
const LONGEST = 2048;

/** What is learned about a request on its way, for its record. Each step writes what it found out. */
export interface Facts {
  store: string;
  api: XksApi | null;
  keyId: string;
  kmsRequestId: string;
  kmsOperation: string;
  caller: string;
  via: string;
  kmsKeyArn: string;
  vpc: string;
  vpce: string;
  accessKeyId: string;
  policy: string;
  generation: string;
  queueMs: number;
  hsmMs: number;
}

export function noFacts(): Facts {
  return {
    store: '',
    api: null,
    keyId: '',
    kmsRequestId: '',
    kmsOperation: '',
    caller: '',
    via: '',
    kmsKeyArn: '',
    vpc: '',
    vpce: '',
    accessKeyId: '',
    policy: '',
    generation: '',
    queueMs: 0,
    hsmMs: 0,
  };
}

/** Notes what a body says about who asks, before anybody judged it: a refused request is recorded with it too. */
export function noteMetadata(facts: Facts, body: unknown): void {
  const metadata = memberOf(body, 'requestMetadata');
  facts.kmsRequestId = recordText(memberOf(metadata, 'kmsRequestId'));
  facts.kmsOperation = recordText(memberOf(metadata, 'kmsOperation'));
  facts.caller = recordText(memberOf(metadata, 'awsPrincipalArn'));
  facts.via = recordText(memberOf(metadata, 'kmsViaService'));
  facts.kmsKeyArn = recordText(memberOf(metadata, 'kmsKeyArn'));
  facts.vpc = recordText(memberOf(metadata, 'awsSourceVpc'));
  facts.vpce = recordText(memberOf(metadata, 'awsSourceVpce'));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

const PLAIN = /^[\x20-\x7e]*$/;
/** control and direction characters, and halves of characters, which no UTF-8 can carry */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of a stranger as a record may hold it: cut, and without what could break a line or repaint a terminal. */
export function recordText(value: unknown): string {
  if (typeof value !== 'string') return '';
  const text = value.length > LONGEST ? value.slice(0, LONGEST) : value;
  return PLAIN.test(text) ? text : text.replaceAll(UNFIT, '\ufffd');
}
