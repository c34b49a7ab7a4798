import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { text } from '../../../text/text';
import { Alarms } from './alarms';
import { Exceptions } from './exceptions';
import { Present } from './present';
import styles from './side.module.css';
import { Time } from './time';
import { Token } from './token';

/** Who and what is in the room. */
export function Side({ view }: { readonly view: CeremonyView }): ReactElement {
  return (
    <div className={styles.side} role="region" aria-label={text.stage.room} tabIndex={0}>
      <RoomPanels view={view} />
    </div>
  );
}

export function RoomPanels({ view }: { readonly view: CeremonyView }): ReactElement {
  return (
    <>
      <Present seats={view.seats} />
      <Time view={view} />
      <Token token={view.token} />
      <Exceptions view={view} />
      <Alarms alarms={view.alarms} />
    </>
  );
}
