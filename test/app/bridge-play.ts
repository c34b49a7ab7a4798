import type { CeremonyView } from '../../core/ceremony/view-model';
import { play, type Cast } from '../../core/rehearsal/player';
import type { RunningApp } from './launch';
import { stationBehind } from './station-behind';

/** Thrown by the player's own listener: the way to leave a game that knows no stop. */
class ThisFar extends Error {}

/** Plays the ceremony on the stage through the bridge until this step is on it: what other tests do by clicks goes faster here. */
export async function playBridgeTo(app: RunningApp, cast: Cast, step: string): Promise<void> {
  const onMove = (view: CeremonyView): void => {
    if (view.step?.id === step) throw new ThisFar();
  };
  const end = await play(await stationBehind(app), cast, { onMove }).catch((cause: unknown) => cause);
  if (!(end instanceof ThisFar)) throw new Error(`The ceremony did not come to step ${step}: ${JSON.stringify(end)}`);
}
