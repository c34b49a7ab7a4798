import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState, type ReactElement } from 'react';
import { AWS_SEATS, type AwsSettings } from '../../../core/contract/aws-settings';
import type { Settings } from '../../../core/contract/values';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { WhoAmI } from './who-am-i';
import { useSave } from './save';
import styles from './settings.module.css';

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d$/u;
const words = text.aws;

interface FieldsProps {
  readonly aws: AwsSettings;
  readonly onChange: (aws: AwsSettings) => void;
}

function Line(props: {
  readonly label: string;
  readonly hint: string;
  readonly wrong?: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}): ReactElement {
  return (
    <FormField label={props.label} description={props.hint} errorText={props.wrong ?? null}>
      <Input
        value={props.value}
        placeholder={props.placeholder ?? ''}
        autoComplete={false}
        disableBrowserAutocorrect
        spellcheck={false}
        onChange={({ detail }) => props.onChange(detail.value)}
      />
    </FormField>
  );
}

/** What a rehearsal talks to, and the Region. */
function Where({ aws, onChange }: FieldsProps): ReactElement {
  return (
    <>
      <FormField label={words.rehearsals}>
        <RadioGroup
          ariaLabel={words.rehearsals}
          value={aws.rehearsalKms}
          items={[
            { value: 'embedded', label: words.embedded, description: words.embeddedHint },
            { value: 'aws', label: words.aws, description: words.awsHint },
          ]}
          onChange={({ detail }) => onChange({ ...aws, rehearsalKms: detail.value === 'aws' ? 'aws' : 'embedded' })}
        />
      </FormField>
      <Line
        label={words.region}
        hint={words.regionHint}
        {...(REGION.test(aws.region) ? {} : { wrong: words.regionWrong })}
        value={aws.region}
        onChange={(region) => onChange({ ...aws, region })}
      />
    </>
  );
}

function Profiles({ aws, onChange }: FieldsProps): ReactElement {
  return (
    <div className={styles.group} role="group" aria-label={words.profiles}>
      <h3>{words.profiles}</h3>
      <p className={styles.soft}>{words.profilesHint}</p>
      <div className={styles.columns}>
        {AWS_SEATS.map((seat) => (
          <Line
            key={seat}
            label={words.seats[seat].profile}
            hint={words.seats[seat].does}
            value={aws.profiles[seat]}
            placeholder={words.defaultChain}
            onChange={(name) => onChange({ ...aws, profiles: { ...aws.profiles, [seat]: name } })}
          />
        ))}
      </div>
    </div>
  );
}

/** Which AWS, in which Region, and as whom for each seat; tested before it is trusted. */
export function Aws({ settings }: { readonly settings: Settings }): ReactElement {
  const { ask, save } = useSave();
  const [aws, setAws] = useState(settings.aws);
  const isChanged = JSON.stringify(aws) !== JSON.stringify(settings.aws);
  return (
    <Panel title={words.title}>
      <div className={styles.form}>
        <Where aws={aws} onChange={setAws} />
        <Profiles aws={aws} onChange={setAws} />
        <ExpandableSection headerText={words.advanced} defaultExpanded={aws.endpoint !== ''}>
          <Line
            label={words.endpoint}
            hint={words.endpointHint}
            value={aws.endpoint}
            onChange={(endpoint) => setAws({ ...aws, endpoint })}
          />
        </ExpandableSection>
        <Button
          disabled={!isChanged || !REGION.test(aws.region)}
          loading={ask.pending}
          onClick={() => void save(() => bridge.settings.setAws(aws))}
        >
          {text.settings.save}
        </Button>
        <FailureAlert failure={ask.failure} />
        <WhoAmI disabled={isChanged} />
      </div>
    </Panel>
  );
}
