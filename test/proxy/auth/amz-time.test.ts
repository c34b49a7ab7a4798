import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amzTimeMs, dayOf } from '../../../proxy/auth/amz-time';
import { amzTime } from '../xks-call';

describe('x-amz-date', () => {
  it('is read as the second it names', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        const at = Math.floor(date.getTime() / 1000) * 1000;
        expect(amzTimeMs(amzTime(at))).toBe(at);
        expect(dayOf(amzTime(at))).toBe(date.toISOString().slice(0, 10).replaceAll('-', ''));
      }),
    );
    expect(amzTimeMs('20240229T235959Z')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59));
  });

  it.each([
    '20240230T000000Z',
    '20230229T000000Z',
    '20240001T000000Z',
    '20241301T000000Z',
    '20240100T000000Z',
    '20240132T000000Z',
    '20240101T240000Z',
    '20240101T006000Z',
    '20240101T000060Z',
    '20240101T000000',
    '2024-01-01T00:00:00Z',
    ' 20240101T000000Z',
    '',
  ])('is not a time as %j', (text) => {
    expect(amzTimeMs(text)).toBeNull();
  });
});
