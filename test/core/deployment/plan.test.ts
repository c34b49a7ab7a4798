import { describe, expect, it } from 'vitest';
import { readDeploymentPlan } from '../../../core/deployment/plan';
import { planOf } from './plans';

const problemOf = (differs: object): string => {
  const read = readDeploymentPlan({ ...planOf(), ...differs });
  return read.ok ? '' : String(read.error.detail['problem']);
};

describe('a deployment plan', () => {
  it.each([
    ['a field nobody knows', { sigv4_secret_access_key: 'x' }, 'plan: '],
    ['an address for a host', { endpointHost: '192.0.2.1' }, 'endpointHost: '],
    ['a host of one label', { endpointHost: 'localhost' }, 'endpointHost: '],
    ['a host in capitals', { endpointHost: 'XKS.example.com' }, 'endpointHost: '],
    ['a host longer than AWS takes', { endpointHost: `${'a'.repeat(60)}.${'b'.repeat(60)}.com` }, 'endpointHost: '],
    ['a prefix with the base in a slash too many', { uriPathPrefix: '/a/' }, 'uriPathPrefix: '],
    ['a key label AWS would not take', { keyLabels: ['payments 2026'] }, 'keyLabels.0: '],
    ['a label twice', { keyLabels: ['a', 'a'] }, 'keyLabels: '],
    ['the health key among the keys', { healthKeyLabel: 'payments-2026' }, 'healthKeyLabel: '],
    [
      'an id that is named twice',
      { olderCredentials: [{ accessKeyId: planOf().accessKeyId, secretAccessKey: { from: 'supervisor' } }] },
      'olderCredentials: ',
    ],
    [
      'generations of a key that the store does not name',
      { generations: [{ label: 'other', current: '01', legacy: null }] },
      'generations: ',
    ],
    ['the sample id of AWS, which breaks the rule of AWS', { accessKeyId: 'ABCDE12345670EXAMPLE' }, 'accessKeyId: '],
    ['more processes than sessions', { pool: { sessions: 1, processes: 2 } }, 'pool.processes: '],
    ['a relative path', { stateFolder: 'state' }, 'stateFolder: '],
    ['a line end in a path', { stateFolder: '/var\n[tls]' }, 'stateFolder: '],
    ['a direction mark in a token label', { hsm: { ...planOf().hsm, tokenLabel: 'a\u202Eb' } }, 'hsm.tokenLabel: '],
    ['one port for two listeners', { metricsPort: 443 }, 'metricsPort: '],
    [
      'a principal that is anybody',
      { authorization: { policyFile: '/p', principals: ['*'], kmsKeyArns: null } },
      'authorization.principals.0: ',
    ],
    [
      'an allow-list that is empty',
      { authorization: { policyFile: '/p', principals: [], kmsKeyArns: null } },
      'authorization.principals: ',
    ],
  ])('is refused with %s, by the name of the field', (_what, differs, field) => {
    expect(problemOf(differs)).toContain(field);
  });

  it('may name places of Windows: it is often written on another system than the one it is for', () => {
    expect(problemOf({ stateFolder: String.raw`C:\ProgramData\Keyrite Proxy` })).toBe('');
  });
});
