import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { ProxySelfTest, SelfTestFinding } from '../../../core/contract/proxy-self-test';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { Facts } from '../../parts/facts';
import { FailureAlert } from '../../parts/failure-alert';
import { Instant } from '../../parts/instant';
import { Mark, type MarkKind } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import styles from './proxy.module.css';

const KINDS: Readonly<Record<SelfTestFinding['outcome'], MarkKind>> = {
  holds: 'good',
  fails: 'bad',
  warns: 'warning',
  untested: 'waiting',
  notApplicable: 'stopped',
};

/** The proxy called as KMS calls it: what KMS would say, and what to do about it. */
export function SelfTest({ isRunning }: { readonly isRunning: boolean }): ReactElement {
  const words = text.proxyDetails.selfTest;
  const ask = useAsk();
  const [test, setTest] = useState<ProxySelfTest | null>(null);
  const run = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.proxy.selfTest());
    if (answer !== null) setTest(answer.value);
  };
  return (
    <Panel
      title={words.title}
      actions={
        <Button
          variant="primary"
          disabled={!isRunning}
          loading={ask.pending}
          loadingText={words.running}
          onClick={() => void run()}
        >
          {test === null ? words.run : words.again}
        </Button>
      }
    >
      <div className={styles.panel}>
        <p className={styles.soft}>{words.hint}</p>
        <FailureAlert failure={ask.failure} />
        {test === null ? null : <Report test={test} />}
      </div>
    </Panel>
  );
}

function Report({ test }: { readonly test: ProxySelfTest }): ReactElement {
  const words = text.proxyDetails.selfTest;
  const { ms } = text.proxyDetails.live;
  const { latency, findings } = test;
  const held = findings.filter(({ outcome }) => outcome === 'holds');
  const open = findings.filter(({ outcome }) => outcome !== 'holds' && outcome !== 'notApplicable');
  const kind = !test.isReached ? 'bad' : test.isContent ? 'good' : 'bad';
  return (
    <div className={styles.panel} role="status">
      <h3>
        <Mark kind={kind}>{!test.isReached ? words.unreached : test.isContent ? words.good : words.bad}</Mark>
      </h3>
      <p>{test.sentence}</p>
      {open.map((finding) => (
        <Finding key={finding.name} finding={finding} />
      ))}
      <p>
        <Mark kind="good">{words.held(held.length)}</Mark>
      </p>
      <Facts
        facts={[
          { name: words.at, value: <Instant iso={test.startedAt} /> },
          { name: words.where, value: `${test.url}${test.path}`, mono: true },
          { name: words.key, value: test.key, mono: true },
          ...(latency === null
            ? []
            : [
                {
                  name: words.latency,
                  value: words.latencyText(latency.calls, ms(latency.p50Ms), ms(latency.p95Ms), ms(latency.p99Ms)),
                },
              ]),
        ]}
      />
      <p className={styles.soft}>{words.notReached}</p>
    </div>
  );
}

function Finding({ finding }: { readonly finding: SelfTestFinding }): ReactElement {
  const words = text.proxyDetails.selfTest;
  const { outcome, expects, seen, means, remedy, kmsSays } = finding;
  return (
    <div className={styles.finding}>
      <Mark kind={KINDS[outcome]}>
        {words.outcomes[outcome]}: {expects}
      </Mark>
      <p>
        {words.seen}: {seen}
      </p>
      {means === '' ? null : (
        <p>
          <strong>{words.means}</strong> {means}
        </p>
      )}
      {remedy === '' ? null : (
        <p>
          <strong>{words.remedy}</strong> {remedy}
        </p>
      )}
      {kmsSays === '' ? null : (
        <p>
          <strong>{words.kmsSays}</strong> <span className="mono">{kmsSays}</span>
        </p>
      )}
    </div>
  );
}
