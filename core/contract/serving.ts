import type { ProxyStatus } from './proxy-status';

/** Would a request for a key that is not blocked be answered, as far as the proxy knows? */
export function isServing({ latch, hsm, health, audit }: Pick<ProxyStatus, 'latch' | 'hsm' | 'health' | 'audit'>): boolean {
  const works = hsm.condition === 'serving' || hsm.condition === 'recovering';
  return !latch.killed && works && health.state !== 'UNAVAILABLE' && (audit.isWritable || !audit.isRequired);
}
