import { useEffect, useState, type ReactElement } from 'react';
import type { AppInfo } from '../../../core/contract/values';
import { bridge } from '../../bridge-client';
import { Page } from '../../parts/page';
import { useSettings } from '../../snapshots';
import { text } from '../../text/text';
import { Appearance } from './appearance';
import { Aws } from './aws';
import { EvidenceFolders } from './evidence-folders';
import { Module } from './module';
import { Officers } from './officers';
import { Station } from './station';
import styles from './settings.module.css';

function About(): ReactElement | null {
  const [info, setInfo] = useState<AppInfo | null>(null);
  useEffect(() => {
    void bridge.app.info().then((answer) => {
      if (answer.ok) setInfo(answer.value);
    });
  }, []);
  return info === null ? null : <p className={styles.soft}>{text.settings.about(info.version, info.build)}</p>;
}

/** Officers, the HSM's module, this station, and how it looks. */
export default function SettingsScreen(): ReactElement | null {
  const settings = useSettings();
  if (settings === undefined) return null;
  return (
    <Page title={text.settings.title}>
      <Officers />
      <Module settings={settings} />
      <Aws key={JSON.stringify(settings.aws)} settings={settings} />
      <Station key={`${settings.station.id} ${settings.station.kind}`} settings={settings} />
      <EvidenceFolders settings={settings} />
      <Appearance settings={settings} />
      <About />
    </Page>
  );
}
