import { describe, expect, it } from 'vitest';
import { failure } from '../../../core/contract/result';
import { failureOf, whyNotStarted } from '../../../proxy/run/why-not-started';

const remark = (key: string, severity: 'error' | 'warning' = 'error') => ({
  severity,
  key,
  problem: 'It is wrong.',
  remedy: 'Mend it.',
});

describe('why a proxy does not start', () => {
  it.each([
    ['tls.tls_cert_pem', 'proxy.certificate'],
    ['hsm.pin_file', 'proxy.pinNotRead'],
    ['hsm.module', 'token.moduleMissing'],
    ['external_key_stores[0].region', 'proxy.settings'],
  ])('is told by the key it is about: %s', (key, code) => {
    expect(failureOf([remark('log', 'warning'), remark(key), remark('server.port')])).toEqual({
      code,
      detail: { key, problem: 'It is wrong.', remedy: 'Mend it.', more: 1 },
    });
  });

  it('is the port where it cannot listen, the certificate where that is why, and a refusal as it is', () => {
    expect(whyNotStarted({ kind: 'listening', remark: remark('server.port') }).code).toBe('proxy.portTaken');
    expect(whyNotStarted({ kind: 'listening', remark: remark('tls.tls_key_pem') }).code).toBe('proxy.certificate');
    const { error } = failure('file.diskFull', { path: '/x' });
    expect(whyNotStarted({ kind: 'refused', error })).toBe(error);
  });
});
