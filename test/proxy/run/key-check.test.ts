import { describe, expect, it } from 'vitest';
import { refusal } from '../../../core/xks/errors';
import type { Generation, HsmAnswer, KeyChoice } from '../../../proxy/hsm/port';
import { checkKeys, type KeyProblem } from '../../../proxy/run/key-check';

const times = { queueMs: 0, hsmMs: 1 };
const good: HsmAnswer<Generation> = {
  ok: true,
  value: { id: '00', ckaId: '01', aesBits: 256, usages: ['ENCRYPT', 'DECRYPT'] },
  ...times,
};
const absent: HsmAnswer<Generation> = { ...refusal('KeyNotFoundException', 'noKey', 'There is no key of that label.'), ...times };
const twice: HsmAnswer<Generation> = { ...refusal('InternalException', 'duplicateLabel', 'Two keys have this label.'), ...times };
const late: HsmAnswer<Generation> = { ...refusal('DependencyTimeoutException', 'deadline', 'Too late.'), ...times };

function ground(answers: Record<string, HsmAnswer<Generation>>) {
  const told: (readonly KeyProblem[])[] = [];
  const choice = (label: string): KeyChoice => ({ label, current: null, legacy: null });
  let done = (): void => undefined;
  let left = 0;
  const check = checkKeys({
    hsm: {
      describe: (key) => {
        left -= 1;
        if (left === 0) queueMicrotask(() => setImmediate(done));
        return Promise.resolve(answers[key.label] ?? absent);
      },
    },
    keys: () => Object.keys(answers).map(choice),
    onChange: (problems) => told.push(problems),
  });
  const look = (): Promise<void> => {
    left = Object.keys(answers).length;
    const whole = new Promise<void>((resolve) => (done = resolve));
    check.look();
    return whole;
  };
  return { check, told, look, answers };
}

describe('the check of the keys', () => {
  it('says nothing while every key is there', async () => {
    const { look, told, check } = ground({ a: good, b: good });
    await look();
    expect([told, check.problems()]).toEqual([[], []]);
    check.close();
  });

  it.each([
    ['is not on the token', absent, /no key of that label/],
    ['is there twice', twice, /Two keys/],
    ['is too short', { ...good, value: { ...good.value, aesBits: 128 } }, /AES-128.*AES-256 alone/],
    ['may not decrypt', { ...good, value: { ...good.value, usages: ['ENCRYPT'] } }, /may not decrypt/],
  ])('names a key that %s', async (_, answer, words) => {
    const { look, told, check } = ground({ a: good, b: answer });
    await look();
    expect(told).toHaveLength(1);
    expect(check.problems()).toEqual([{ key: 'b', problem: expect.stringMatching(words) as string }]);
    check.close();
  });

  it('tells again only what is different, and keeps what it knew when the HSM does not answer', async () => {
    const { look, told, check, answers } = ground({ a: absent });
    await look();
    await look();
    expect(told).toHaveLength(1);
    answers['a'] = late;
    await look();
    expect(check.problems()).toHaveLength(1);
    answers['a'] = good;
    await look();
    expect(told.at(-1)).toEqual([]);
    check.close();
  });
});
