import Button from '@cloudscape-design/components/button';
import { useEffect, useState, type ReactElement } from 'react';
import type { KmsPlaces } from '../../../core/contract/kms-values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { useSettings } from '../../snapshots';
import { text } from '../../text/text';
import styles from './keys.module.css';
import { KmsFound } from './kms-found';
import { PlaceChoice } from './place-choice';
import { useKmsReading, type KmsPlace, type KmsReading } from './read-kms';

/** Where to look, asked anew whenever the settings change. */
function usePlaces(): { readonly places: KmsPlaces | null; readonly ask: ReturnType<typeof useAsk> } {
  const [places, setPlaces] = useState<KmsPlaces | null>(null);
  const settings = useSettings();
  const ask = useAsk();
  const { run } = ask;
  useEffect(() => {
    void run(() => bridge.kms.places()).then((answer) => {
      if (answer !== null) setPlaces(answer.value);
    });
  }, [run, settings?.aws]);
  return { places, ask };
}

/** The Region of the settings where that place has it. */
function placeIn(places: KmsPlaces, runMode: KmsPlace['runMode'], region = places.region): KmsPlace {
  const { regions } = places[runMode];
  return { runMode, region: regions.includes(region) ? region : (regions[0] ?? region) };
}

function Progress({ reading }: { readonly reading: KmsReading }): ReactElement | null {
  if (!reading.pending) return null;
  const read = reading.pages.reduce((sum, { keys, unread }) => sum + keys.length + unread.length, 0);
  return <Mark kind="now">{text.kms.reading(read, reading.pages[0]?.total ?? null)}</Mark>;
}

interface LookProps {
  readonly place: KmsPlace;
  readonly reading: KmsReading;
  readonly offline: boolean;
}

function Look({ place, reading, offline }: LookProps): ReactElement {
  const words = text.kms;
  return (
    <>
      {offline ? <Mark kind="warning">{words.offline}</Mark> : null}
      <div className={styles.buttons}>
        {reading.pending ? (
          <Button onClick={reading.stop}>{words.stop}</Button>
        ) : (
          <Button variant="primary" disabled={offline} onClick={() => reading.read(place, 0)}>
            {reading.pages.length > 0 ? words.again : words.read}
          </Button>
        )}
        <Progress reading={reading} />
      </div>
      <FailureAlert failure={reading.failure} />
    </>
  );
}

/** The KMS keys of one account and Region. Nothing is asked of AWS before somebody presses the button. */
export function KmsKeys(): ReactElement {
  const { places, ask } = usePlaces();
  const settings = useSettings();
  const reading = useKmsReading();
  const [chosen, setChosen] = useState<KmsPlace | null>(null);
  if (places === null || settings === undefined) return <FailureAlert failure={ask.failure} />;
  const place = chosen ?? placeIn(places, settings.embeddedToken ? 'rehearsal' : 'production');
  const isPractice = place.runMode === 'rehearsal' && places.rehearsal.embedded;
  const choose = (next: KmsPlace): void => {
    reading.forget();
    setChosen(placeIn(places, next.runMode, next.region));
  };
  return (
    <div className={styles.part}>
      <Panel title={text.kms.title}>
        <div className={styles.form}>
          <p>{text.kms.intro}</p>
          <PlaceChoice places={places} place={place} onChange={choose} />
          <Look place={place} reading={reading} offline={settings.station.kind === 'offline' && !isPractice} />
        </div>
      </Panel>
      <KmsFound pages={reading.pages} pending={reading.pending} onMore={(from) => reading.read(place, from)} />
    </div>
  );
}
