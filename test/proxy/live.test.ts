import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../../core/control/ask';
import { ANSWER_SIZE_LIMIT } from '../../core/control/contract';
import { proxyLiveSchema } from '../../core/contract/proxy-live';
import { createLive, type Live } from '../../proxy/live';
import { record } from './audit/ground';
import { cleanUp, quietHandlers, served } from './control/control-ground';
import { ground } from './server-ground';

afterEach(cleanUp);

const PLAINTEXT = Buffer.from('a secret nobody may read here').toString('base64');
const CALLER = 'arn:aws:iam::123456789012:user/Alice';

const encrypt = (kmsRequestId: string): unknown => ({
  requestMetadata: {
    awsPrincipalArn: CALLER,
    kmsOperation: 'Encrypt',
    kmsRequestId,
    kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    kmsViaService: 'ebs',
  },
  plaintext: PLAINTEXT,
  encryptionAlgorithm: 'AES_GCM',
});

/** As many requests as a proxy at its quota answers in five minutes, with the longest texts that can come. */
function busy(): Live {
  let now = 1_795_500_000_000;
  const live = createLive({ queued: () => 3, now: () => now });
  const one = record('4f1c0a9e-1111-4222-8333-944455556666', { caller: '\u0001'.repeat(2048), via: 'x'.repeat(2048) });
  for (let i = 0; i < 300 * 1800; i += 1) {
    if (i % 1800 === 0) now += 1000;
    live.observe(one);
  }
  now += 1000;
  return live;
}

describe('what a proxy did of late', () => {
  it('is told over the control channel while it answers, from where the last answer ended', async () => {
    let now = Date.now();
    const live = createLive({ queued: () => 0, now: () => now });
    const { call } = await ground({ parts: { onRecord: live.observe } });
    const { folder } = await served({ ...quietHandlers(), live: live.read });
    const read = async (since: number) => {
      const asked = await ask(folder, { verb: 'live', since }, { timeoutMs: 10_000 });
      if (!asked.ok) throw new Error(asked.error.code);
      return asked.value;
    };
    expect(await read(0)).toMatchObject({ requests: [], upTo: 0, seconds: [], outcomes: {} });
    expect((await call('keys/foo/encrypt', encrypt('first'))).status).toBe(200);
    expect((await call('keys/nobody/encrypt', encrypt('second'))).status).toBe(404);
    now += 1000;
    const first = await read(0);
    expect(first).toMatchObject({
      upTo: 2,
      outcomes: { ok: 1, KeyNotFoundException: 1 },
      seconds: [{ second: first.until, requests: 2, refused: 1 }],
      requests: [
        { seq: 1, kmsRequestId: 'first', caller: CALLER, via: 'ebs', key: 'foo', api: 'Encrypt', status: 200, outcome: 'ok' },
        { seq: 2, kmsRequestId: 'second', key: 'nobody', status: 404, outcome: 'KeyNotFoundException' },
      ],
    });
    expect(JSON.stringify(first)).not.toContain(PLAINTEXT);
    await call('keys/foo/encrypt', encrypt('third'));
    expect((await read(2)).requests.map(({ kmsRequestId }) => kmsRequestId)).toEqual(['third']);
    expect((await read(2_000_000)).requests).toHaveLength(3); // of another run, as after a restart
  });

  it('is one answer far below the limit, ready in a moment, whatever came', () => {
    const live = busy();
    // On a busy machine many a try is interrupted; what counts is what it costs when it is not.
    const timed = (): number => {
      const began = performance.now();
      live.read(0);
      return performance.now() - began;
    };
    let leastMs = timed();
    for (let tries = 1; tries < 200 && leastMs >= 5; tries += 1) leastMs = Math.min(leastMs, timed());
    const answer = live.read(0);
    expect(JSON.stringify(answer).length).toBeLessThan(ANSWER_SIZE_LIMIT / 8);
    expect(leastMs).toBeLessThan(5);
    expect(answer.requests).toHaveLength(500);
    expect(answer.seconds).toHaveLength(300);
    expect(answer.outcomes).toEqual({ ok: 300 * 1800 });
    expect(proxyLiveSchema.safeParse(answer).success).toBe(true);
  }, 60_000);
});
