import { describe, expect, it } from 'vitest';
import { failure, success } from '../../../core/contract/result';
import { untilSeen } from '../../../core/kms/until-seen';
import { quickRim } from './stand-in';

const answered = (value: string) => success({ value, requestId: `r-${value}`, at: '' });
const PATIENCE = { everyMs: 1_000, withinMs: 10_000 };

function lookAt(...answers: readonly (ReturnType<typeof answered> | ReturnType<typeof failure>)[]) {
  let looks = 0;
  return { look: async () => answers[Math.min(looks++, answers.length - 1)]!, looks: () => looks };
}

describe('waiting for what KMS shows', () => {
  it('ends with the first look that shows it', async () => {
    const rim = quickRim();
    const { look } = lookAt(answered('PendingImport'), answered('PendingImport'), answered('Enabled'));
    expect(await untilSeen(look, (state) => state === 'Enabled', PATIENCE, rim)).toEqual(
      success({ value: { isSeen: true, last: 'Enabled', looks: 3 }, requestId: 'r-Enabled', at: '' }),
    );
    expect(rim.waits).toEqual([1_000, 1_000]);
  });

  it('ends in time with what was seen last', async () => {
    const { look, looks } = lookAt(answered('PendingImport'));
    const answer = await untilSeen(look, () => false, PATIENCE, quickRim());
    expect(answer).toMatchObject({ ok: true, value: { value: { isSeen: false, last: 'PendingImport', looks: 11 } } });
    expect(looks()).toBe(11);
  });

  it('bears with a key that is not known yet, but not with any other failure', async () => {
    const young = lookAt(failure('aws.notFound'), answered('Enabled'));
    expect(await untilSeen(young.look, () => true, PATIENCE, quickRim())).toMatchObject({ ok: true });
    const denied = lookAt(failure('aws.accessDenied'), answered('Enabled'));
    expect(await untilSeen(denied.look, () => true, PATIENCE, quickRim())).toMatchObject({
      ok: false,
      error: { code: 'aws.accessDenied' },
    });
    const never = lookAt(failure('aws.notFound'));
    expect(await untilSeen(never.look, () => true, PATIENCE, quickRim())).toMatchObject({
      ok: false,
      error: { code: 'aws.notFound' },
    });
  });

  it('is cancelled between two looks', async () => {
    const patience = new AbortController();
    const { look, looks } = lookAt(answered('PendingImport'));
    const rim = { ...quickRim(), delay: async () => patience.abort() };
    expect(await untilSeen(look, () => false, { ...PATIENCE, signal: patience.signal }, rim)).toMatchObject({
      ok: false,
      error: { code: 'input.cancelled' },
    });
    expect(looks()).toBe(1);
  });
});
