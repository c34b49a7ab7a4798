import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { Result } from '../../../core/contract/result';
import type { ProfileSummary, Settings } from '../../../core/contract/values';
import { bridge } from '../../bridge-client';
import { Facts, type Fact } from '../../parts/facts';
import { text } from '../../text/text';
import styles from './settings.module.css';

interface ModulePathProps {
  readonly settings: Settings;
  readonly profile: ProfileSummary | undefined;
  readonly pending: boolean;
  readonly onChange: (question: () => Promise<Result<Settings>>) => void;
}

function factsOf(settings: Settings, profile: ProfileSummary | undefined): readonly Fact[] {
  const words = text.settings;
  const found =
    profile === undefined || profile.found === '' ? (
      <StatusIndicator type="warning">{words.notFound}</StatusIndicator>
    ) : (
      profile.found
    );
  return [
    ...(settings.modulePath === '' ? [] : [{ name: words.picked, value: settings.modulePath, mono: true }]),
    { name: words.found, value: found, mono: profile !== undefined && profile.found !== '' },
    { name: words.candidates, value: profile?.candidates.join(', ') ?? '', mono: true },
  ];
}

/** Where the module is, or where it was looked for. */
export function ModulePath({ settings, profile, pending, onChange }: ModulePathProps): ReactElement {
  return (
    <>
      {settings.embeddedToken ? <StatusIndicator type="info">{text.settings.embedded}</StatusIndicator> : null}
      <div className={styles.wide}>
        <Facts facts={factsOf(settings, profile)} />
      </div>
      {profile === undefined || profile.notes.length === 0 ? null : (
        <div>
          <strong>{text.settings.notes}</strong>
          <ul className={styles.notes}>
            {profile.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
      <div className={styles.buttons}>
        <Button disabled={pending} onClick={() => onChange(() => bridge.settings.pickModule())}>
          {text.settings.pick}
        </Button>
        {settings.modulePath === '' ? null : (
          <Button disabled={pending} onClick={() => onChange(() => bridge.settings.clearModule())}>
            {text.settings.clear}
          </Button>
        )}
      </div>
    </>
  );
}
