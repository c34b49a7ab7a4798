import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ALL_CASES } from '../../core/as-kms/cases/all';

const guide = await readFile(new URL('../../docs/proxy.md', import.meta.url), 'utf8');

/** ConnectionErrorCode of DescribeCustomKeyStores, without those of CloudHSM key stores (AWS KMS API reference). */
const CODES = [
  'INTERNAL_ERROR',
  'INVALID_CREDENTIALS',
  'NETWORK_ERRORS',
  'XKS_PROXY_ACCESS_DENIED',
  'XKS_PROXY_INVALID_CONFIGURATION',
  'XKS_PROXY_INVALID_RESPONSE',
  'XKS_PROXY_INVALID_TLS_CONFIGURATION',
  'XKS_PROXY_NOT_REACHABLE',
  'XKS_PROXY_TIMED_OUT',
  'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION',
  'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND',
];

describe('docs/proxy.md', () => {
  it('says for each ConnectionErrorCode what it means and where to look, once', () => {
    const rows = [...guide.matchAll(/^\| `([A-Z_]+)` \| (.+) \| (.+) \|$/gm)];
    expect(rows.map(([, code]) => code).toSorted()).toEqual(CODES);
    for (const [, , cause = '', place = ''] of rows) expect([cause.trim(), place.trim()]).not.toContain('');
  });

  it('knows every code that keyrite proxy-test names', () => {
    const named = ALL_CASES.map(({ kmsSays }) => kmsSays ?? '').filter((code) => /^[A-Z_]+$/.test(code) && code !== '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((code) => !CODES.includes(code))).toEqual([]);
  });
});
