import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { requestSchema } from '../../../core/control/contract';
import { requestLine } from '../../../core/control/request-line';

const ACT = { who: 'ada', why: 'a "new" card\n\u00e9' };
const text = (line: Uint8Array): string => new TextDecoder().decode(line);

describe('a request on its way through the socket', () => {
  it('is the JSON of it in one line', () => {
    for (const request of [{ verb: 'status' }, { verb: 'login', act: ACT, pin: null }] as const)
      expect(text(requestLine(request))).toBe(`${JSON.stringify(request)}\n`);
  });

  it('carries every PIN as the bytes it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 768 }), (pin) => {
        const line = text(requestLine({ verb: 'login', act: ACT, pin }));
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(JSON.parse(line)).toEqual({ verb: 'login', act: ACT, pin: Buffer.from(pin).toString('base64') });
        const read = requestSchema.parse(JSON.parse(line));
        expect(read.verb === 'login' && read.pin && Buffer.compare(read.pin, pin)).toBe(0);
      }),
    );
  });

  it('takes no PIN that is empty or endless, as text or as bytes', () => {
    const takes = (pin: unknown): boolean => requestSchema.safeParse({ verb: 'login', act: ACT, pin }).success;
    expect(takes(new Uint8Array(768))).toBe(true);
    for (const pin of [new Uint8Array(), new Uint8Array(769), '', 'A'.repeat(1028), 'no base64!', [1, 2]])
      expect(takes(pin)).toBe(false);
  });
});
