import type { ReactElement } from 'react';
import type { JudgedPolicy } from '../../../core/contract/key-policy';
import { Findings } from '../../parts/findings';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { WhoTable } from './who-table';

/** Findings with their explanations, and who can do what. */
export function Judged({ judged }: { readonly judged: JudgedPolicy }): ReactElement {
  return (
    <>
      <Panel title={text.policy.findings}>
        <Findings findings={judged.findings} />
      </Panel>
      <Panel title={text.policy.whoCanDoWhat}>
        <WhoTable rows={judged.rows} />
      </Panel>
    </>
  );
}
