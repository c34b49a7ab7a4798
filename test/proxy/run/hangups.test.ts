import { describe, expect, it, onTestFinished } from 'vitest';
import { hearHangups } from '../../../proxy/run/hangups';

/** As the signal does it, for this process's own runner must not hear one. */
function hangUp(): void {
  process.emit('SIGHUP', 'SIGHUP');
}

describe('SIGHUP', () => {
  it('is kept while the proxy starts, and reloads once when there is something to reload', () => {
    const hangups = hearHangups();
    onTestFinished(() => hangups.close());
    let reloads = 0;
    hangUp();
    hangUp();
    hangups.reloadBy(() => (reloads += 1));
    expect(reloads).toBe(1);
    hangUp();
    expect(reloads).toBe(2);
  });

  it('reloads nothing that nobody asked for, and is not heard after the end', () => {
    const before = process.listenerCount('SIGHUP');
    const hangups = hearHangups();
    let reloads = 0;
    hangups.reloadBy(() => (reloads += 1));
    expect(reloads).toBe(0);
    hangups.close();
    expect(process.listenerCount('SIGHUP')).toBe(before);
  });
});
