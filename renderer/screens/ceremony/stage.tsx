import { useRef, useState, type ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { Centre } from './centre';
import { Footer } from './footer';
import { KeysHelp } from './keys-help';
import { Rail } from './rail';
import { Side } from './side/side';
import { useShortcuts } from './shortcuts';
import { StageHead, type Dialog } from './stage-head';
import { useAnnouncements } from './announcements';
import { useStageFocus } from './stage-focus';
import styles from './stage.module.css';
import { Strip } from './strip';
import { Abort } from './troubles/abort';
import { CaptureException } from './troubles/capture-exception';
import { Pause } from './troubles/pause';
import { useWide } from './wide';

/** The stage: where we are (left), the one step (middle), who and what is in the room (right), and what is on disk (below). */
export function Stage({ view }: { readonly view: CeremonyView }): ReactElement {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [helpOpen, setHelpOpen] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const isWide = useWide();
  useAnnouncements(view);
  useStageFocus(stage, view);
  const canPause = view.phase === 'running';
  const canRaise = view.phase !== 'sealed';
  useShortcuts(stage, dialog === null, {
    exception: () => canRaise && setDialog('exception'),
    interlude: () => canPause && setDialog('pause'),
    keys: () => setDialog('keys'),
    help: () => setHelpOpen((open) => !open),
  });
  const close = (): void => setDialog(null);
  return (
    <div ref={stage} className={styles.stage}>
      {isWide ? <Rail view={view} onAbort={() => setDialog('abort')} /> : null}
      <div className={styles.centre}>
        {isWide ? null : <Strip view={view} onAbort={() => setDialog('abort')} />}
        <StageHead
          view={view}
          canPause={canPause}
          canRaise={canRaise}
          helpOpen={helpOpen}
          onDialog={setDialog}
          onHelp={() => setHelpOpen(!helpOpen)}
        />
        <Centre view={view} helpOpen={helpOpen} onHelpClose={() => setHelpOpen(false)} />
      </div>
      {isWide ? <Side view={view} /> : null}
      <Footer view={view} />
      {dialog === 'exception' ? <CaptureException onClose={close} /> : null}
      {dialog === 'pause' ? <Pause onClose={close} /> : null}
      {dialog === 'abort' ? <Abort view={view} onClose={close} /> : null}
      {dialog === 'keys' ? <KeysHelp onClose={close} /> : null}
    </div>
  );
}
