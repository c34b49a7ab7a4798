import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState, type ReactElement } from 'react';
import type { Settings } from '../../../core/contract/values';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { useSave } from './save';
import styles from './settings.module.css';

/** What this machine is called in every record, and on which side of the air gap it stands. */
export function Station({ settings }: { readonly settings: Settings }): ReactElement {
  const { ask, save } = useSave();
  const [id, setId] = useState(settings.station.id);
  const [kind, setKind] = useState(settings.station.kind);
  const isChanged = id !== settings.station.id || kind !== settings.station.kind;
  return (
    <Panel title={text.settings.station}>
      <div className={styles.form}>
        <FormField label={text.settings.stationId} description={text.settings.stationIdHint}>
          <Input value={id} autoComplete={false} spellcheck={false} onChange={({ detail }) => setId(detail.value)} />
        </FormField>
        <RadioGroup
          ariaLabel={text.settings.kind}
          value={kind}
          items={[
            { value: 'online', label: text.settings.online, description: text.settings.onlineHint },
            { value: 'offline', label: text.settings.offline, description: text.settings.offlineHint },
          ]}
          onChange={({ detail }) => setKind(detail.value === 'offline' ? 'offline' : 'online')}
        />
        <Button
          disabled={!isChanged || id === ''}
          loading={ask.pending}
          onClick={() => void save(() => bridge.settings.setStation({ id, kind }))}
        >
          {text.settings.save}
        </Button>
        <FailureAlert failure={ask.failure} />
      </div>
    </Panel>
  );
}
