import { describe, expect, it } from 'vitest';
import { SheafSize } from '../../../proxy/hsm/sheaf-size';

function sizeAfter(us: number): SheafSize {
  const size = new SheafSize();
  for (let n = 0; n < 100; n++) size.took(us);
  return size;
}

const after = (us: number): number => sizeAfter(us).orders;

describe('orders for one thread at once', () => {
  it('are one until something was measured, and with an HSM that takes milliseconds', () => {
    expect(new SheafSize().orders).toBe(1);
    expect([after(2000), after(601)]).toEqual([1, 1]);
  });

  it('are several with a quick one, and never many', () => {
    expect([after(300), after(60), after(1), after(0)]).toEqual([2, 10, 16, 16]);
  });

  it('are worth a second thread where an operation takes longer than waking one', () => {
    expect([sizeAfter(20).isTiny, sizeAfter(60).isTiny, new SheafSize().isTiny]).toEqual([true, false, false]);
  });

  it('become fewer when it gets slow', () => {
    const size = new SheafSize();
    size.took(30);
    for (let n = 0; n < 20; n++) size.took(5000);
    expect(size.orders).toBe(1);
  });
});
