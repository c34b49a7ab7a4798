import { useMemo, type ReactElement } from 'react';
import type { LiveSecond } from '../../../core/contract/proxy-live';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { Facts } from '../../parts/facts';
import { FailureAlert } from '../../parts/failure-alert';
import { Panel } from '../../parts/panel';
import { linearScale, TimeChart, type Scale } from '../../parts/time-chart';
import { text } from '../../text/text';
import type { Flow } from './flow';
import styles from './live.module.css';
import { OutcomeMix } from './outcome-mix';
import { RequestPanel } from './request-panel';
import { rateNow, valuesPerSecond } from './series';
import { isRunning } from './standing';
import { useLive } from './use-live';

/** KMS gives a call up after this (XKS proxy API specification, "Timeouts"). */
const LIMIT_MS = 250;
const LEAST_MS = 0.5;
const MOST_MS = 2000;

/** Logarithmic: half a millisecond of a good day and a second of a bad one are both seen. */
const LATENCY: Scale = {
  place: (ms) => Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / Math.log(MOST_MS / LEAST_MS),
  ticks: [1, 10, 100, 1000].map((value) => ({ value, label: `${String(value)} ms` })),
};

/** What the proxy does now and did in the last five minutes. */
export function LiveView({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const running = isRunning(proxy);
  const { flow, failure } = useLive(running);
  return (
    <div className={styles.view}>
      {running ? null : <p className={styles.soft}>{text.proxyDetails.live.notRunning}</p>}
      {running ? <FailureAlert failure={failure} /> : null}
      <div className={styles.charts}>
        <Rate flow={flow} />
        <Latency flow={flow} />
      </div>
      <div className={styles.charts}>
        <Numbers flow={flow} />
        <OutcomeMix outcomes={flow.outcomes} />
      </div>
      <RequestPanel flow={flow} />
    </div>
  );
}

function Rate({ flow: { seconds, until } }: { readonly flow: Flow }): ReactElement {
  const words = text.proxyDetails.live;
  const requests = useMemo(() => valuesPerSecond(seconds, until, (second) => second.requests, 0), [seconds, until]);
  const refused = useMemo(() => valuesPerSecond(seconds, until, (second) => second.refused, 0), [seconds, until]);
  const scale = useMemo(() => linearScale(requests, 10), [requests]);
  const now = words.perSecond(requests.at(-1) ?? 0);
  return (
    <Panel title={words.rate}>
      <TimeChart
        label={words.rateLabel(now)}
        scale={scale}
        from={words.ago}
        to={words.now}
        series={[
          { name: words.requests, values: requests, line: 'solid', now },
          { name: words.refused, values: refused, line: 'dotted', now: words.perSecond(refused.at(-1) ?? 0) },
        ]}
      />
    </Panel>
  );
}

function Latency({ flow: { seconds, until } }: { readonly flow: Flow }): ReactElement {
  const words = text.proxyDetails.live;
  const lines = useMemo(() => {
    const of = (value: (second: LiveSecond) => number) => valuesPerSecond(seconds, until, value, null);
    return { p50: of((second) => second.p50Ms), p95: of((second) => second.p95Ms), p99: of((second) => second.p99Ms) };
  }, [seconds, until]);
  const last = seconds.at(-1);
  const now = (ms: number | undefined): string => (ms === undefined ? words.none : words.ms(ms));
  const [p50, p95, p99] = [now(last?.p50Ms), now(last?.p95Ms), now(last?.p99Ms)];
  return (
    <Panel title={words.latency}>
      <TimeChart
        label={words.latencyLabel(p50, p95, p99)}
        scale={LATENCY}
        limit={{ value: LIMIT_MS, label: words.limit }}
        from={words.ago}
        to={words.now}
        series={[
          { name: words.p50, values: lines.p50, line: 'solid', now: p50 },
          { name: words.p95, values: lines.p95, line: 'dashed', now: p95 },
          { name: words.p99, values: lines.p99, line: 'dotted', now: p99 },
        ]}
      />
    </Panel>
  );
}

/** Where the time goes: in the queue or in the HSM. */
function Numbers({ flow: { seconds, until, queued } }: { readonly flow: Flow }): ReactElement {
  const words = text.proxyDetails.live;
  const last = seconds.at(-1);
  return (
    <Panel title={words.numbers}>
      <Facts
        facts={[
          { name: words.rate, value: `${words.perSecond(rateNow(seconds, until))} ${words.rateNow}` },
          { name: words.queued, value: String(queued) },
          { name: words.queue, value: last === undefined ? words.none : words.ms(last.queueP50Ms) },
          { name: words.hsm, value: last === undefined ? words.none : words.ms(last.hsmP50Ms) },
        ]}
      />
    </Panel>
  );
}
