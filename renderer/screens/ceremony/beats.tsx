import type { ReactElement } from 'react';
import type { CeremonyView, StepView } from '../../../core/ceremony/view-model';
import { ShowBlocks } from '../../parts/show-blocks';
import { text } from '../../text/text';
import { Beat } from './beat';
import { CheckBeat } from './check-beat';
import { DoBeat } from './do-beat';
import { ReadBeat } from './read-beat';
import { SealBeat } from './seal-beat';

/** READ - DO - SHOW - CHECK - SEAL. */
export function Beats({ view, step }: { readonly view: CeremonyView; readonly step: StepView }): ReactElement {
  const { show } = step;
  return (
    <>
      <ReadBeat step={step} />
      <Beat
        n={2}
        title={text.stage.beats.do}
        state={step.do.state}
        note={step.do.state === 'none' ? text.beat.nothingToDo : text.beat.doLater}
      >
        <DoBeat view={view} step={step} form={step.do.form} />
      </Beat>
      <Beat
        n={3}
        title={text.stage.beats.show}
        state={show.state}
        note={show.state === 'none' ? text.beat.nothingToShow : text.beat.showLater}
      >
        <ShowBlocks blocks={show.blocks} />
      </Beat>
      <CheckBeat step={step} />
      <SealBeat step={step} />
    </>
  );
}
