import { ERROR_TEXTS } from '../core/contract/error-texts';
import type { ProxySnapshot } from '../core/contract/proxy-values';
import { isOursRunning } from './proxy-light';
import { TEXT } from './text';

export interface Notice {
  readonly title: string;
  readonly body: string;
}

/** What people who do not look at the window have to hear of, between one snapshot and the next. */
export function noticeOf(before: ProxySnapshot, now: ProxySnapshot, isOurKill: boolean): Notice | null {
  const { title, killedElsewhere, armed, crashed, failed, loggedOut, othersGone } = TEXT.proxy.notices;
  if (now.process.phase === 'failed' && before.process.phase !== 'failed') {
    const { problem } = now.process;
    return { title: failed, body: problem === null ? title : ERROR_TEXTS[problem.code].what };
  }
  if (now.latch.state === 'killed' && before.latch.state === 'armed' && !isOurKill)
    return { title: killedElsewhere, body: [now.latch.by, now.latch.why].filter(Boolean).join(': ') };
  // never only our own doing: who may use the station's user can arm in a terminal, without three people
  if (now.latch.state === 'armed' && before.latch.state !== 'armed')
    return { title: armed, body: [now.latch.by, now.latch.why].filter(Boolean).join(': ') || title };
  if (now.status?.hsm.loggedOut === 'now' && before.status?.hsm.loggedOut === 'no') return { title: loggedOut, body: title };
  if (now.process.restarts > before.process.restarts) return { title: crashed, body: title };
  if (before.process.phase === 'attached' && now.process.phase === 'stopped') return { title: othersGone, body: title };
  return isOursRunning(now.process) || now.process.phase === 'attached' ? machineNotice(before, now) : null;
}

/** What the machine under a proxy that runs went through. Addresses matter where the proxy listens on them. */
function machineNotice(before: ProxySnapshot, now: ProxySnapshot): Notice | null {
  const { title, stoodStill, clockSet, addressGone } = TEXT.proxy.notices;
  const lost = now.addressesGone.filter((address) => !before.addressesGone.includes(address));
  if (lost.length > 0) return { title: addressGone(lost.join(', ')), body: title };
  const [event] = now.machine;
  if (event === undefined || event === before.machine[0] || event.what === 'addresses') return null;
  return event.what === 'stoodStill'
    ? { title: stoodStill.title, body: stoodStill.body(event.from, event.at) }
    : { title: clockSet.title(event.byMs), body: clockSet.body };
}
