import { ConnectionErrorCodeType } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { connectionWouldFail } from '../../../core/as-kms/connection-error';
import { CONNECTION_ERRORS, connectionError } from '../../../core/contract/connection-errors';

describe('what a failed connection is told as', () => {
  it('is known for every code of the SDK: each external one in words of its own, those of CloudHSM in one sentence', () => {
    const codes = Object.values(ConnectionErrorCodeType);
    expect(codes.length).toBeGreaterThanOrEqual(18);
    const unknown = connectionError('NEVER_HEARD_OF');
    for (const code of codes) expect(connectionError(code), code).not.toEqual(unknown);
    const cloudHsm = codes.filter((code) => !Object.hasOwn(CONNECTION_ERRORS, code));
    expect(new Set(cloudHsm.map((code) => connectionError(code).cause)).size).toBe(1);
    expect(Object.keys(CONNECTION_ERRORS).filter((code) => !codes.some((known) => known === code))).toEqual([]);
    const causes = Object.values(CONNECTION_ERRORS).map(({ cause }) => cause);
    expect(new Set(causes).size).toBe(causes.length);
  });

  it('always says that a failed store is disconnected first', () => {
    for (const [code, { remedy }] of Object.entries(CONNECTION_ERRORS)) expect(remedy, code).toMatch(/disconnect the key store/i);
  });

  it('takes no member of Object for a code', () => {
    expect(connectionError('constructor')).toEqual(connectionError('NEVER_HEARD_OF'));
  });

  it('has every code the proxy test predicts', () => {
    const bare = { ms: 1, attempts: 1 };
    const answered = (status: number, errorName: string) =>
      ({
        kind: 'answer',
        status,
        contentType: 'application/json',
        date: '',
        body: Buffer.from(JSON.stringify({ errorName })),
        isReused: false,
        ...bare,
      }) as const;
    const endings = [
      ...(['timeout', 'unreachable', 'tls', 'broken'] as const).map((kind) => ({ kind, what: 'x', ...bare })),
      answered(401, 'AuthenticationFailedException'),
      answered(403, 'AccessDeniedException'),
      answered(404, 'InvalidUriPathException'),
      answered(500, 'InternalException'),
    ];
    for (const ending of endings) {
      const { kmsSays } = connectionWouldFail(ending, Date.now());
      expect(Object.keys(CONNECTION_ERRORS)).toContain(kmsSays);
    }
  });
});
