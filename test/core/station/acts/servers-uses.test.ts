import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure, success } from '../../../../core/contract/result';
import type { KmsPort } from '../../../../core/kms/port';
import type { Act, ActContext } from '../../../../core/station/acts/act';
import { drillRestored } from '../../../../core/station/acts/drill-restore';
import { serversStillRefused, serversUntilRefused } from '../../../../core/station/acts/servers-uses';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => {
    vi.advanceTimersByTime(ms);
    return Promise.resolve();
  },
}));

let record: ActRecord;
let told: string[] = [];

beforeEach(() => {
  // with the pause between two uses: nothing here waits in earnest
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: false });
});
afterEach(async () => {
  vi.useRealTimers();
  await record.remove();
});

/** The answers of a fleet of two, use by use: `.` done, `x` refused, `?` lost on its way. The last goes on for ever. */
async function fleet(answers: string, changed: Partial<ActContext> = {}): Promise<void> {
  told = [];
  let uses = 0;
  const decrypt: KmsPort['decrypt'] = () => {
    const answer = answers[Math.min(uses, answers.length - 1)];
    uses += 1;
    vi.advanceTimersByTime(50);
    const requestId = `request-${uses}`;
    if (answer === '.') return Promise.resolve(success({ value: new Uint8Array(32), requestId, at: '' }));
    return Promise.resolve(failure(answer === 'x' ? 'aws.invalidState' : 'aws.unreachable', { requestId }));
  };
  record = await actRecord(
    { ...STORE_INPUTS, fleetSize: '2' },
    {
      kms: () => Promise.resolve(success({ decrypt } as unknown as KmsPort)),
      tell: (text) => told.push(text),
      ...changed,
    },
  );
  record.known('aws.createStoreKey', { keyArn: 'arn:aws:kms:eu-central-1:000000000000:key/1' });
  record.known('drill.baseline', { canary: Buffer.from('canary').toString('base64') });
}

async function uses(act: Act): Promise<string> {
  const done = value(await act(record.context()));
  return (done.data['calls'] as { ok: boolean; code: string }[])
    .map(({ ok, code }) => (ok ? '.' : code === 'aws.invalidState' ? 'x' : '?'))
    .join('');
}

describe('a fleet whose switches people pull', () => {
  it('is asked until it refuses twenty times in a row, for it refuses by turns before', async () => {
    await fleet('.......x.xx.x');
    expect(await uses(serversUntilRefused)).toBe(`.......x.xx.${'x'.repeat(20)}`);
    expect(told[0]).toBe('The key works. Pull the switch on every host now: keyrite kill --reason xks-store-1');
    expect(told.at(-1)).toBe('Refused, 19 in a row of 20.');
  });

  it('does not take a use that was lost on its way for a refusal, nor for one that went through', async () => {
    await fleet('......xxxxxxxxxx?xxxxxxxxx?x.x');
    expect(await uses(serversUntilRefused)).toBe('......xxxxxxxxxx?xxxxxxxxx?x');
  });

  it('fails after five minutes where somebody serves on', async () => {
    await fleet('.');
    const done = await serversUntilRefused(record.context());
    expect(failedRules(done)).toEqual(['CER-DRILL-ALL-REFUSED']);
    expect(value(done).checks[0]?.got).toBe('after 5 minutes 0 in a row');
    expect(performance.now()).toBeLessThan(310_000);
  });

  it('measures nothing where a use was refused before the switch', async () => {
    await fleet('..x..');
    const done = await serversUntilRefused(record.context());
    expect(value(done).checks[0]).toMatchObject({ ok: false, got: '1 of 5 uses were refused before the switch was pulled' });
    expect(told).toEqual([]);
  });

  it('goes on at a second try, with the uses of the first before its own', async () => {
    await fleet('......x.');
    const first = value(await serversUntilRefused(record.context()));
    expect(first.checks[0]?.ok).toBe(false);
    const before = first.data['calls'] as object[];
    await record.remove();
    await fleet('x');
    record.known('servers.untilRefused', { ...first.data } as Parameters<typeof record.known>[1]);
    const again = value(await serversUntilRefused(record.context()));
    expect(again.checks[0]?.ok).toBe(true);
    const calls = again.data['calls'] as object[];
    expect(calls.slice(0, before.length)).toEqual(before);
    expect(calls.slice(before.length).map((call) => (call as { ok: boolean }).ok)).toEqual(Array(20).fill(false));
  });

  it('waits no longer when the ceremony is left', async () => {
    const leaving = new AbortController();
    await fleet('.', { signal: leaving.signal, tell: () => leaving.abort() });
    expect(await serversUntilRefused(record.context())).toMatchObject({ error: { code: 'input.cancelled' } });
  });

  it('must refuse every use after the restart', async () => {
    await fleet('x');
    expect(failedRules(await serversStillRefused(record.context()))).toEqual([]);
    await record.remove();
    await fleet('xxxxxxx.x');
    const done = await serversStillRefused(record.context());
    expect(value(done).checks).toMatchObject([{ ok: false, got: '1 of 20 went through: a host serves again' }]);
    await record.remove();
    await fleet('x?x');
    expect(value(await serversStillRefused(record.context())).checks).toMatchObject([
      { ok: false, got: '19 of 20 uses are refused' },
    ]);
  });

  it('works again when it serves twenty times in a row, and not where one host stays killed', async () => {
    await fleet('x.x..x.');
    expect(await uses(drillRestored)).toBe(`x.x..x${'.'.repeat(20)}`);
    await record.remove();
    await fleet('.x'.repeat(9_000));
    expect(failedRules(await drillRestored(record.context()))).toEqual(['CER-DRILL-RESTORED']);
  });
});
