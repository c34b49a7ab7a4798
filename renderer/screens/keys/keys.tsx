import Button from '@cloudscape-design/components/button';
import Tabs from '@cloudscape-design/components/tabs';
import type { ReactElement } from 'react';
import { Page } from '../../parts/page';
import { given, go } from '../../route';
import { text } from '../../text/text';
import { HsmKeys } from './hsm-keys';
import { KmsKeys } from './kms-keys';

/** What is on the token, and what AWS has. */
export default function Keys(): ReactElement {
  const { tabs } = text.kms;
  return (
    <Page title={text.keys.title} actions={<Button onClick={() => go('policy')}>{text.kms.policyEditor}</Button>}>
      <Tabs
        ariaLabel={text.keys.title}
        {...(given()['in'] === 'kms' ? { defaultActiveTabId: 'kms' } : {})}
        tabs={[
          { id: 'hsm', label: tabs.hsm, content: <HsmKeys /> },
          { id: 'kms', label: tabs.kms, content: <KmsKeys /> },
        ]}
      />
    </Page>
  );
}
