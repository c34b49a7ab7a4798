import { describe, expect, it } from 'vitest';
import { statusReport } from '../../../core/cli/status-report';
import type { ProxyStatus } from '../../../core/contract/proxy-status';
import { STATUS } from '../../proxy/control/control-ground';

const NOW = new Date('2026-11-23T12:00:00.000Z');

function linesOf(change: Partial<ProxyStatus>): string[] {
  return statusReport({ ...STATUS, ...change }, NOW, false).split('\n');
}

describe('the status for people', () => {
  it('says a refused PIN once, and what to do about it', () => {
    const problem = 'The token refused the PIN.';
    const lines = linesOf({
      hsm: { ...STATUS.hsm, condition: 'loginRefused', problem },
      health: { state: 'UNAVAILABLE', problem, at: null },
    });
    expect(lines[0]).toBe('ARMED, BUT NOT SERVING');
    expect(lines.filter((line) => line.includes(problem))).toHaveLength(1);
    expect(lines.some((line) => /^HSM +PIN REFUSED$/.test(line))).toBe(true);
    expect(lines.some((line) => line.includes('keyrite login'))).toBe(true);
  });

  it('says that a person logged it out, killed or not, and that it wants its PIN', () => {
    const hsm = { ...STATUS.hsm, condition: 'loggedOut', loggedOut: 'now', problem: 'A person logged this proxy out.' } as const;
    const armed = linesOf({ hsm }).join('\n');
    expect(armed).toMatch(/^ARMED, BUT NOT SERVING\n/);
    expect(armed).toMatch(/HSM +LOGGED OUT\n.*A person logged this proxy out.\n.*PIN again: keyrite login/);
    const killed = linesOf({ hsm: { ...hsm, condition: 'killed' }, latch: { ...STATUS.latch, killed: true } }).join('\n');
    expect(killed).toContain('PIN again: keyrite login');
  });

  it('keeps what health alone has to say', () => {
    expect(linesOf({ health: { state: 'DEGRADED', problem: 'No health key.', at: null } }).join('\n')).toContain(
      'No health key.',
    );
  });

  it('names for each key store what KMS has to have as its URI path, and the Region it is called from', () => {
    const stores = [...STATUS.stores, { name: 'default', uriPath: '/kms/xks/v1', region: 'us-east-1', keys: [] }];
    const lines = linesOf({ stores });
    const at = lines.findIndex((line) => /^Key stores +eu: \/eu\/kms\/xks\/v1, called from eu-central-1$/.test(line));
    expect(at).toBeGreaterThan(0);
    expect(lines[at + 1]?.trim()).toBe('default: /kms/xks/v1, called from us-east-1');
  });

  it('puts each line of a refused reload into the column of values', () => {
    const lines = linesOf({
      lastReload: { at: '2026-11-23T11:00:00.000Z', ok: false, problem: 'error  one.\n         Mend it.' },
    });
    const column = lines.find((line) => line.startsWith('Last reload'))?.indexOf('REFUSED') ?? -1;
    const at = lines.findIndex((line) => line.startsWith('Last reload'));
    expect(column).toBeGreaterThan(0);
    expect(lines.slice(at + 1, at + 3)).toEqual([`${' '.repeat(column)}error  one.`, `${' '.repeat(column)}Mend it.`]);
  });
});
