import Alert from '@cloudscape-design/components/alert';
import { useEffect, type ReactElement, type ReactNode } from 'react';
import { ERROR_TEXTS } from '../../../core/contract/error-texts';
import type { AwsIdentity } from '../../../core/contract/values';
import type { RunMode } from '../../../core/ceremony/view-model';
import { announce } from '../../announce';
import { Mark } from '../../parts/mark';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import { samePrincipal } from './same-principal';
import styles from './settings.module.css';

const words = text.aws;

function Principal({ who, all }: { readonly who: AwsIdentity; readonly all: readonly AwsIdentity[] }): ReactElement {
  const others = samePrincipal(who, all).map((seat) => words.seats[seat].title.toLowerCase());
  return (
    <>
      <span className={styles.mono}>{who.caller?.arn}</span>
      {others.length === 0 ? null : (
        <div>
          <Mark kind="warning">{words.samePrincipal(others.join(', '))}</Mark>
        </div>
      )}
    </>
  );
}

function cellsOf(who: AwsIdentity, all: readonly AwsIdentity[]): readonly ReactNode[] {
  const { caller } = who;
  const name = words.seats[who.seat].title;
  const profile = who.profile === '' ? words.defaultChain : who.profile;
  if (caller === null)
    return [
      name,
      profile,
      <Mark key="failed" kind="bad">
        {words.failed}
      </Mark>,
      '',
      '',
      '',
    ];
  return [
    name,
    profile,
    <span key="account" className={styles.mono}>
      {caller.account}
    </span>,
    <Principal key="principal" who={who} all={all} />,
    caller.region,
    `${caller.rehearsal ? words.atRehearsal : words.atAws} ${caller.endpoint}`.trim(),
  ];
}

/** Who answers to each seat, and which of them are one and the same. */
export function Identities({ mode, who }: { readonly mode: RunMode; readonly who: readonly AwsIdentity[] }): ReactElement {
  useEffect(() => announce(words.result(mode)), [mode]);
  return (
    <div className={styles.group}>
      <h3>{words.result(mode)}</h3>
      <PlainTable
        title={words.result(mode)}
        columns={words.columns}
        empty={words.failed}
        rows={who.map((each) => ({ key: each.seat, cells: cellsOf(each, who) }))}
      />
      {who.map(({ seat, failure }) =>
        failure === null ? null : (
          <Alert key={seat} type="error" header={words.failureOf(words.seats[seat].title, ERROR_TEXTS[failure.code].what)}>
            {ERROR_TEXTS[failure.code].do}
          </Alert>
        ),
      )}
    </div>
  );
}
