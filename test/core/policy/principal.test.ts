import { describe, expect, it } from 'vitest';
import { readAwsPrincipal, readPrincipal } from '../../../core/policy/principal';

describe('readAwsPrincipal', () => {
  it.each([
    ['*', { kind: 'everyone' }],
    ['111122223333', { kind: 'account', account: '111122223333' }],
    ['arn:aws:iam::111122223333:root', { kind: 'account', account: '111122223333' }],
    ['arn:aws-us-gov:iam::111122223333:user/a/b/Jo@x', { kind: 'user', account: '111122223333', name: 'Jo@x' }],
    [
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_X_1',
      { kind: 'role', name: 'AWSReservedSSO_X_1' },
    ],
    ['arn:aws:sts::111122223333:assumed-role/Admin/jo', { kind: 'session', name: 'Admin' }],
    ['arn:aws:sts::111122223333:federated-user/jo', { kind: 'federatedUser', name: 'jo' }],
  ])('knows %s', (text, principal) => {
    expect(readAwsPrincipal(text)).toMatchObject({ ok: true, principal });
  });

  it.each([
    ['arn:aws:iam::111122223333:group/Admins', 'group', 'is an IAM group'],
    ['AROAJ0ABCDEFGHIJKLMNO', 'deleted', 'was deleted'],
    ['arn:aws:iam::111122223333:role/*', 'wildcard', 'holds a wildcard'],
    ['arn:aws:iam::11112222333:role/A', 'form', '12 digits are due'],
    ['arn:aws:iam:eu-west-1:111122223333:role/A', 'form', 'names a Region'],
    ['arn:aws:s3::111122223333:role/A', 'form', 'a principal is of iam or sts'],
    ['arn:AWS:iam::111122223333:role/A', 'form', 'is no partition'],
    ['arn:aws:iam::111122223333:role/', 'form', 'is no name of a role'],
    ['arn:aws:iam::111122223333:role/a b', 'form', 'is no name of a role'],
    ['arn:aws:iam::111122223333:policy/A', 'form', 'neither a user nor a role'],
    ['arn:aws:sts::111122223333:assumed-role/A', 'form', 'is no session'],
    ['role/Admin', 'form', 'does not begin with "arn:"'],
    [' arn:aws:iam::111122223333:role/A', 'form', 'does not begin with "arn:"'],
    ['arn:aws:iam::111122223333:role/A\u202e', 'form', 'is no name of a role'],
  ] as const)('says what is wrong with %s', (text, flaw, problem) => {
    const reading = readAwsPrincipal(text);
    expect(reading).toMatchObject({ ok: false, flaw });
    expect(!reading.ok && reading.problem).toContain(problem);
  });

  it('takes services by their names only', () => {
    expect(readPrincipal({ kind: 'Service', value: 'logs.eu-west-1.amazonaws.com' }).ok).toBe(true);
    expect(readPrincipal({ kind: 'Service', value: '*' }).ok).toBe(false);
    expect(readPrincipal({ kind: 'Service', value: 's3' }).ok).toBe(false);
  });
});
