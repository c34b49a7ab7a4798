import { describe, expect, it } from 'vitest';
import { destroyCertify } from '../../../../core/station/acts/destroy-certify';
import type { ActContext } from '../../../../core/station/acts/act';

const INPUTS = {
  authorisation: 'SO-2026-17',
  keyLabel: 'byok-1',
  checkValue: 'ABCDEF',
  kmsKeyArn: 'arn:aws:kms:eu-central-1:000000000000:key/0a1b2c3d-0000-4000-8000-000000000000',
};

/** What the act reads of a context, after a deletion was scheduled. */
function scheduled(): ActContext {
  const state = {
    genesis: { data: { inputs: INPUTS, ceremonyId: 'key-destroy-1', runMode: 'rehearsal' } },
    data: { 'aws.scheduleDeletion': { requestId: 'request-1', deletionAt: '2026-12-29T00:00:00Z' } },
    values: {},
    participants: [],
    token: { serial: '' },
    runMode: 'rehearsal',
  };
  const calendar = { enter: () => Promise.resolve({ ok: true, value: null }) };
  return { state, calendar, now: () => new Date('2026-11-29T00:00:00Z') } as unknown as ActContext;
}

describe('the certificate of destruction', () => {
  it('names the key by label, check value and ARN, and says that a scheduled deletion is still to come', async () => {
    const done = await destroyCertify(scheduled());
    const [block] = done.ok ? done.value.show : [];
    const rows = block?.kind === 'facts' ? block.rows.map(({ name, value }) => [name, value]) : [];
    expect(Object.fromEntries(rows)).toEqual({
      'Authorised by': 'SO-2026-17',
      'Key label': 'byok-1',
      'Check value': 'ABCDEF',
      'KMS key': INPUTS.kmsKeyArn,
      'Deletion of the KMS key': 'request request-1, will be deleted on 2026-12-29T00:00:00Z, unless it is cancelled',
    });
  });
});
