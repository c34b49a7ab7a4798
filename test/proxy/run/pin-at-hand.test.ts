import { describe, expect, it } from 'vitest';
import { PinAtHand } from '../../../proxy/run/pin-at-hand';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('the PIN at hand', () => {
  it('is there for the next login after a copy of it was overwritten, also when it came as a Buffer', () => {
    const pin = new PinAtHand({ bytes: Buffer.from('10203040'), changedAt: null });
    pin.copy().fill(0);
    expect(text(pin.copy())).toBe('10203040');
  });

  it('overwrites the old bytes when it is exchanged or forgotten', () => {
    const [first, second] = [Buffer.from('10203040'), Buffer.from('50607080')];
    const pin = new PinAtHand({ bytes: first, changedAt: 1 });
    pin.replace({ bytes: second, changedAt: 2 });
    expect([...first].every((byte) => byte === 0)).toBe(true);
    expect(text(pin.copy())).toBe('50607080');
    expect(pin.changedAt).toBe(2);
    pin.forget();
    expect([...second].every((byte) => byte === 0)).toBe(true);
    expect(pin.isForgotten).toBe(true);
    expect(() => pin.copy()).toThrow('forgotten');
    pin.replace({ bytes: Buffer.from('90909090'), changedAt: 3 });
    expect(text(pin.copy())).toBe('90909090');
  });
});
