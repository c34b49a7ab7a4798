import type { ProxySnapshot } from '../core/contract/proxy-values';
import { isServing } from '../core/contract/serving';

/** What the tray shows: each has a shape and a word of its own. */
export type ProxyLight = 'serving' | 'killed' | 'trouble' | 'idle';

type Seen = Pick<ProxySnapshot, 'isSetUp' | 'latch' | 'status'> & { readonly process: Pick<ProxySnapshot['process'], 'phase'> };

/** A latch that cannot be read counts as killed, as it does for the proxy. */
export function lightOf({ isSetUp, latch, status, process: { phase } }: Seen): ProxyLight {
  if (!isSetUp) return 'idle';
  if (latch.state !== 'armed') return 'killed';
  if (phase === 'stopped') return 'idle';
  return status !== null && isServing(status) && (phase === 'ready' || phase === 'attached') ? 'serving' : 'trouble';
}

/** Does a process of ours run or come back by itself, so that closing the window is no end of it? */
export function isOursRunning({ phase }: Pick<ProxySnapshot['process'], 'phase'>): boolean {
  return phase !== 'stopped' && phase !== 'failed' && phase !== 'attached';
}
