import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useMemo, useState, type ReactElement } from 'react';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { filtered, NO_FILTER, valuesOf, type Filter, type Flow } from './flow';
import styles from './live.module.css';
import { RequestDetails } from './request-details';
import { RequestList } from './request-list';

const OFFERS = ['caller', 'key', 'outcome'] as const;

type Held = Pick<Flow, 'requests' | 'upTo' | 'run'>;

/**
 * The requests of late, to search in. Whoever chooses one or scrolls holds the list, because a row that moves away under the eye is of
 * no use; what comes meanwhile is counted and comes when the list flows again.
 */
export function RequestPanel({ flow }: { readonly flow: Flow }): ReactElement {
  const words = text.proxyDetails.live;
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [held, setHeld] = useState<Held | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const { requests } = held ?? flow;
  const shown = useMemo(() => filtered(requests, filter), [requests, filter]);
  // By value: the list changes each second, what there is to filter by hardly ever, and form fields are dear to draw.
  const offered = JSON.stringify(OFFERS.map((of) => valuesOf(requests, of)));
  const filters = useMemo(
    () => <Filters offered={JSON.parse(offered) as readonly (readonly string[])[]} filter={filter} onChange={setFilter} />,
    [offered, filter],
  );
  const hold = (): void => setHeld((before) => before ?? flow);
  const fresh = held === null ? 0 : held.run === flow.run ? flow.upTo - held.upTo : flow.upTo;
  const request = shown.find(({ seq }) => seq === chosen) ?? null;
  return (
    <Panel
      title={words.list}
      actions={
        held === null ? (
          <Button iconName="pause" onClick={hold}>
            {words.pause}
          </Button>
        ) : (
          <Button iconName="play" onClick={() => setHeld(null)}>
            {words.resume(fresh)}
          </Button>
        )
      }
    >
      {filters}
      <div className={styles.status}>
        <span>
          {words.found(shown.length, requests.length)}
          {flow.missed === 0 ? '' : ` - ${words.missed(flow.missed)}`}
        </span>
        <span className={styles.soft}>{held === null ? '' : words.held}</span>
      </div>
      <div className={styles.both}>
        <RequestList
          requests={shown}
          isFlowing={held === null}
          empty={requests.length === 0 ? words.noRequests : words.noneFits}
          chosen={chosen}
          onHold={hold}
          onChoose={(seq) => {
            hold();
            setChosen(seq);
          }}
        />
        <RequestDetails request={request} onFilter={(more) => setFilter({ ...filter, ...more })} />
      </div>
      <p className={styles.soft}>{words.listHint}</p>
    </Panel>
  );
}

interface FiltersProps {
  /** the values of each of OFFERS */
  readonly offered: readonly (readonly string[])[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

function Filters({ offered, filter, onChange }: FiltersProps): ReactElement {
  const words = text.proxyDetails.live;
  return (
    <div className={styles.filters}>
      <FormField label={words.search}>
        <Input
          type="search"
          spellcheck={false}
          value={filter.search}
          onChange={({ detail }) => onChange({ ...filter, search: detail.value })}
        />
      </FormField>
      {OFFERS.map((of, i) => (
        <Choice
          key={of}
          label={words[of]}
          values={offered[i] ?? []}
          chosen={filter[of]}
          onChange={(value) => onChange({ ...filter, [of]: value })}
        />
      ))}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly chosen: string;
  readonly onChange: (value: string) => void;
}

/** One of the values there are, or any; the chosen one stays in the list when no request of it is left. */
function Choice({ label, values, chosen, onChange }: ChoiceProps): ReactElement {
  const { any } = text.proxyDetails.live;
  const all = chosen === '' || values.includes(chosen) ? values : [...values, chosen];
  return (
    <FormField label={label}>
      <Select
        filteringType="auto"
        selectedOption={{ value: chosen, label: chosen === '' ? any : chosen }}
        options={[{ value: '', label: any }, ...all.map((value) => ({ value, label: value }))]}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
