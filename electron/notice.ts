import { ERROR_TEXTS } from '../core/contract/error-texts';
import type { ProxySnapshot } from '../core/contract/proxy-values';
import { TEXT } from './text';

export interface Notice {
  readonly title: string;
  readonly body: string;
}

/** What people who do not look at the window have to hear of, between one snapshot and the next. */
export function noticeOf(before: ProxySnapshot, now: ProxySnapshot, isOurKill: boolean): Notice | null {
  const { title, killedElsewhere, armed, crashed, failed, othersGone } = TEXT.proxy.notices;
  if (now.process.phase === 'failed' && before.process.phase !== 'failed') {
    const { problem } = now.process;
    return { title: failed, body: problem === null ? title : ERROR_TEXTS[problem.code].what };
  }
  if (now.latch.state === 'killed' && before.latch.state === 'armed' && !isOurKill)
    return { title: killedElsewhere, body: [now.latch.by, now.latch.why].filter(Boolean).join(': ') };
  // never only our own doing: who may use the station's user can arm in a terminal, without three people
  if (now.latch.state === 'armed' && before.latch.state !== 'armed')
    return { title: armed, body: [now.latch.by, now.latch.why].filter(Boolean).join(': ') || title };
  if (now.process.restarts > before.process.restarts) return { title: crashed, body: title };
  if (before.process.phase === 'attached' && now.process.phase === 'stopped') return { title: othersGone, body: title };
  return null;
}
