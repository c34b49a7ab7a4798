import { canonical, type Json } from '../../evidence/canonical';
import type { CalendarEntry } from '../../contract/calendar';
import { success } from '../../contract/result';
import type { CeremonyState } from '../../ceremony/state';
import { check, facts, jsonArtefact, outcome, type Act } from './act';

/**
 * The certificate of destruction: what, how, when, and who was there. It stands in the transcript that they all sign. The day on which
 * KMS deletes the key goes into the calendar here, so that a scheduling whose answer was lost gets there too.
 */
export const destroyCertify: Act = async ({ state, now, calendar }) => {
  const { inputs, ceremonyId, runMode } = state.genesis.data;
  const deletion = deletionEntry(state);
  const entered = deletion === null ? success(null) : await calendar.enter(deletion);
  if (!entered.ok) return entered;
  const done = destroyed(state);
  const certificate: Json = {
    format: 'keyrite-destruction-certificate-1',
    ceremonyId,
    runMode,
    authorisation: inputs['authorisation'] ?? '',
    kmsKey: inputs['kmsKeyArn'] ?? '',
    hsmKey: {
      ckaId: inputs['ckaId'] ?? '',
      label: inputs['keyLabel'] ?? '',
      checkValue: inputs['checkValue'] ?? '',
      token: state.token.serial,
    },
    acts: done.map(({ what, detail }) => ({ what, detail })),
    copies: state.values['copies'] ?? '',
    witnesses: state.participants.map(({ seat, name, officer }) => ({ seat, name, officer })),
    at: now().toISOString(),
  };
  const text = canonical(certificate);
  return success(
    outcome({
      data: { destroyed: done.map(({ what }) => what) },
      checks: [check('CER-SOMETHING-DESTROYED', done.length > 0, 'at least one act', `${done.length} acts`)],
      show: [
        facts(runMode === 'rehearsal' ? 'Certificate of destruction (rehearsal)' : 'Certificate of destruction', [
          ['Authorised by', inputs['authorisation'] ?? ''],
          ['Key label', inputs['keyLabel'] ?? ''],
          ['Check value', inputs['checkValue'] ?? '', true],
          ['KMS key', inputs['kmsKeyArn'] ?? '', true],
          ...done.map(({ what, detail }) => [what, detail] as const),
          ['Copies', state.values['copies'] ?? ''],
          ['Witnesses', state.participants.map(({ seat, name }) => `${name} (${seat})`).join(', ')],
        ]),
      ],
      artefacts: [jsonArtefact('destruction-certificate.json', text)],
    }),
  );
};

/** null: no deletion was scheduled, or KMS says no day because replicas go first. */
function deletionEntry(state: CeremonyState): CalendarEntry | null {
  const { inputs, ceremonyId } = state.genesis.data;
  const due = state.data['aws.scheduleDeletion']?.['deletionAt'];
  if (typeof due !== 'string' || due === '') return null;
  const keyArn = inputs['kmsKeyArn'] ?? '';
  return {
    id: `key-deletion ${keyArn}`,
    kind: 'keyDeletion',
    title: `KMS deletes the key: ${inputs['keyLabel'] ?? keyArn}`,
    due,
    beginBy: due,
    owner: state.participants.find(({ seat }) => seat === 'CA')?.name ?? 'CA',
    about: keyArn,
    ceremonyId,
    rehearsal: state.runMode === 'rehearsal',
  };
}

function destroyed(state: CeremonyState): { what: string; detail: string }[] {
  const acts = [
    ['aws.deleteMaterial', 'Imported material'],
    ['aws.scheduleDeletion', 'Deletion of the KMS key'],
    ['token.destroy', 'HSM key'],
  ] as const;
  return acts.flatMap(([operation, what]) => {
    const data = state.data[operation];
    if (data === undefined) return [];
    const { requestId, deletionAt, ckaId } = data;
    const facets = [
      typeof requestId === 'string' ? `request ${requestId}` : '',
      typeof deletionAt === 'string' && deletionAt !== '' ? `will be deleted on ${deletionAt}, unless it is cancelled` : '',
      typeof ckaId === 'string' ? `CKA_ID ${ckaId}` : '',
    ];
    return [{ what, detail: facets.filter((part) => part !== '').join(', ') || 'done' }];
  });
}
