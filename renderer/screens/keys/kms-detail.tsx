import type { ReactElement } from 'react';
import type { KmsKeyReport, KmsKeysPage, KmsMaterial } from '../../../core/contract/kms-values';
import { FailureAlert } from '../../parts/failure-alert';
import { Facts, type Fact } from '../../parts/facts';
import { Findings } from '../../parts/findings';
import { Instant } from '../../parts/instant';
import { Mark } from '../../parts/mark';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import { ExpiryMark } from './kms-marks';
import { NextCeremony } from './next-ceremony';
import styles from './keys.module.css';

function multiRegionText({ multiRegion }: KmsKeyReport): string {
  if (multiRegion === null) return text.kms.single;
  return multiRegion.role === 'primary'
    ? text.kms.isPrimary(multiRegion.replicaArns.length)
    : text.kms.isReplica(multiRegion.primaryArn);
}

function factsOf(entry: KmsKeyReport): readonly Fact[] {
  const words = text.kms;
  const { rotations, hsmKey } = entry;
  return [
    { name: words.arn, value: entry.arn, mono: true },
    { name: words.names, value: entry.aliases.length === 0 ? words.noNames : entry.aliases.join(', ') },
    ...(entry.description === '' ? [] : [{ name: words.description, value: entry.description }]),
    { name: words.specAndUsage, value: `${entry.spec}, ${entry.usage}` },
    { name: words.origin, value: words.origins[entry.origin] ?? entry.origin },
    { name: words.multiRegion, value: multiRegionText(entry) },
    ...(entry.createdAt === null ? [] : [{ name: words.created, value: <Instant iso={entry.createdAt} /> }]),
    entry.ceremony === ''
      ? { name: words.ceremony, value: words.noCeremony }
      : { name: words.ceremony, value: entry.ceremony, mono: true },
    ...(hsmKey === null ? [] : [{ name: words.hsmKey, value: words.hsmKeyIs(hsmKey.label, hsmKey.ckaId) }]),
    ...(rotations === null ? [] : [{ name: words.rotations, value: words.rotationsDone(rotations.done, rotations.left) }]),
  ];
}

function ImportMark({ state }: { readonly state: KmsMaterial['importState'] }): ReactElement {
  const words = text.kms;
  if (state === null) return <span>{words.unknown}</span>;
  return (
    <div className={styles.state}>
      {state === 'IMPORTED' ? <Mark kind="good">{words.isImported}</Mark> : <Mark kind="bad">{words.isMissing}</Mark>}
    </div>
  );
}

function Materials({ materials }: Pick<KmsKeyReport, 'materials'>): ReactElement {
  const words = text.kms;
  if (materials === null) return <p className={styles.soft}>{words.materialsNotTold}</p>;
  if (!materials.ok) return <FailureAlert failure={materials.error} />;
  return (
    <PlainTable
      title={words.materials}
      columns={[words.materialId, words.role, words.imported, words.expiry]}
      empty={words.noMaterials}
      rows={materials.value.map((material) => ({
        key: material.materialId,
        cells: [
          <span key="id" className={styles.material}>
            <span className="mono">{material.materialId}</span>
            {material.description === '' ? null : <span className={styles.soft}>{material.description}</span>}
          </span>,
          words.materialStates[material.state],
          <ImportMark key="import" state={material.importState} />,
          material.expiresAt === null ? words.never : <ExpiryMark key="expiry" iso={material.expiresAt} />,
        ],
      }))}
    />
  );
}

function Policy({ policy }: Pick<KmsKeyReport, 'policy'>): ReactElement {
  if (policy === null) return <p className={styles.soft}>{text.kms.policyOfAws}</p>;
  return policy.ok ? <Findings findings={policy.value.findings} /> : <FailureAlert failure={policy.error} />;
}

interface KmsDetailProps {
  readonly entry: KmsKeyReport;
  readonly page: KmsKeysPage;
  readonly name: string;
}

/** Everything that is known of one key, and what can be done next. */
export function KmsDetail({ entry, page, name }: KmsDetailProps): ReactElement {
  const words = text.kms;
  return (
    <section className={styles.detail} aria-label={name}>
      <Facts facts={factsOf(entry)} />
      {entry.origin === 'EXTERNAL' ? (
        <div>
          <h3>{words.materials}</h3>
          <Materials materials={entry.materials} />
        </div>
      ) : null}
      <div>
        <h3>{words.findings}</h3>
        <Policy policy={entry.policy} />
      </div>
      <NextCeremony entry={entry} page={page} name={name} />
    </section>
  );
}
