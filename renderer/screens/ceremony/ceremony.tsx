import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { Page } from '../../parts/page';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { useCeremony } from '../../snapshots';
import { text } from '../../text/text';
import { Stage } from './stage';

/** The ceremony on the stage, or the ways to one. */
export default function Ceremony(): ReactElement | null {
  const view = useCeremony();
  if (view === undefined) return null;
  return view === null ? <NoCeremony /> : <Stage key={view.ceremonyId} view={view} />;
}

function NoCeremony(): ReactElement {
  return (
    <Page title={text.shell.screens.ceremony}>
      <Panel title={text.stage.none}>
        <p>{text.stage.noneHint}</p>
        <p>
          <Button variant="primary" onClick={() => go('start')}>
            {text.desk.start}
          </Button>
        </p>
      </Panel>
    </Page>
  );
}
