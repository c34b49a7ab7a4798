import Button from '@cloudscape-design/components/button';
import Alert from '@cloudscape-design/components/alert';
import { useEffect, useState, type ReactElement } from 'react';
import type { PackSummary, PackVerdict } from '../../../core/contract/values';
import type { Result } from '../../../core/contract/result';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Page } from '../../parts/page';
import { text } from '../../text/text';
import { NoEvidence } from './no-evidence';
import { PackTable } from './pack-table';
import { Verdict } from './verdict';

function usePacks(): { readonly packs: readonly PackSummary[] | null; readonly ask: ReturnType<typeof useAsk> } {
  const [packs, setPacks] = useState<readonly PackSummary[] | null>(null);
  const ask = useAsk();
  const { run } = ask;
  useEffect(() => {
    void run(() => bridge.evidence.list()).then((answer) => {
      if (answer !== null) setPacks(answer.value);
    });
  }, [run]);
  return { packs, ask };
}

/** The packs of this station: verify, read, take away. */
export default function Evidence(): ReactElement {
  const { packs, ask: listing } = usePacks();
  const ask = useAsk();
  const [verdict, setVerdict] = useState<PackVerdict | null>(null);
  const [exported, setExported] = useState<string | null>(null);
  const verify = async (question: () => Promise<Result<PackVerdict>>): Promise<void> => {
    setVerdict(null);
    const answer = await ask.run(question);
    if (answer === null) return;
    setVerdict(answer.value);
    announce(answer.value.ok ? text.evidence.valid : text.evidence.invalid);
  };
  const exportPack = async (ceremonyId: string): Promise<void> => {
    const answer = await ask.run(() => bridge.evidence.exportPack({ ceremonyId }));
    if (answer !== null) setExported(answer.value.name);
  };
  return (
    <Page
      title={text.evidence.title}
      actions={
        <Button loading={ask.pending} onClick={() => void verify(() => bridge.evidence.verifyFolder())}>
          {text.evidence.verifyFolder}
        </Button>
      }
    >
      <FailureAlert failure={listing.failure ?? ask.failure} />
      {exported === null ? null : <Alert type="success">{text.evidence.exported(exported)}</Alert>}
      {verdict === null ? null : <Verdict verdict={verdict} />}
      {packs?.length === 0 ? <NoEvidence /> : null}
      {packs === null || packs.length === 0 ? null : (
        <PackTable
          packs={packs}
          pending={ask.pending}
          onVerify={(ceremonyId) => void verify(() => bridge.evidence.verify({ ceremonyId }))}
          onReport={(ceremonyId) => void ask.run(() => bridge.evidence.openReport({ ceremonyId }))}
          onExport={(ceremonyId) => void exportPack(ceremonyId)}
        />
      )}
    </Page>
  );
}
