import { failure, success } from '../../contract/result';
import type { AuditRequest } from '../../pack/audit-requests';
import { check, facts, outcome, type Act } from './act';
import { hatch, sing } from './canary';
import { kmsKeyArn } from './kms-plan';
import { storePlan } from './store-plan';
import { linesOf, ownLines } from './store-prove';

/** Something that only the old key can decrypt, kept for the proof at the end. */
export const storeBefore: Act = async (context) => {
  const kms = await context.kms(storePlan(context.state).region, 'user');
  if (!kms.ok) return kms;
  const since = context.now().toISOString();
  const made = await hatch(kms.value, kmsKeyArn(context.state));
  if (!made.ok) return made;
  const lines = await ownLines(context, since);
  if (!lines.ok) return lines;
  const generation = generationOf(lines.value, made.value.requestId);
  return success(
    outcome({
      data: { canary: Buffer.from(made.value.canary.ciphertext).toString('base64'), generation, requestId: made.value.requestId },
      checks: [
        check(
          'CER-XKS-JOINED',
          generation !== '',
          'a line for every call',
          generation === '' ? made.value.requestId : 'a line for every call',
        ),
      ],
      show: [
        facts('Encrypted with the key there is', [
          ['Request id', made.value.requestId, true],
          ['Generation', generation, true],
        ]),
      ],
    }),
  );
};

function generationOf(lines: readonly AuditRequest[], requestId: string): string {
  return linesOf({ requestId }, lines)[0]?.generation ?? '';
}

/** The old ciphertext still decrypts by the old key, and what is encrypted now has the new one: told by the proxy's own lines. */
export const storeAfter: Act = async (context) => {
  const kms = await context.kms(storePlan(context.state).region, 'user');
  if (!kms.ok) return kms;
  const before = context.state.data['store.before'];
  const ciphertext = before?.['canary'];
  if (typeof ciphertext !== 'string') return failure('ceremony.notNow', { waitingFor: 'ciphertext' });
  const keyId = kmsKeyArn(context.state);
  const since = context.now().toISOString();
  const old = await sing(kms.value, { keyId, ciphertext: new Uint8Array(Buffer.from(ciphertext, 'base64')) });
  const fresh = await hatch(kms.value, keyId);
  if (!fresh.ok) return fresh;
  const again = await sing(kms.value, fresh.value.canary);
  const lines = await ownLines(context, since);
  if (!lines.ok) return lines;
  const [was, now] = [generationOf(lines.value, old.requestId), generationOf(lines.value, fresh.value.requestId)];
  const kept = before?.['generation'];
  const wasBefore = typeof kept === 'string' ? kept : '';
  return success(
    outcome({
      data: { was, now, requestIds: [old.requestId, fresh.value.requestId, again.requestId] },
      checks: [
        check(
          'CER-XKS-OLD-DECRYPTS',
          old.ok && was === wasBefore,
          `decrypted by generation ${wasBefore}`,
          old.ok ? `decrypted by generation ${was}` : `refused (${old.code})`,
        ),
        check(
          'CER-XKS-NEW-ENCRYPTS',
          again.ok && now !== '' && now !== wasBefore,
          `not by generation ${wasBefore}`,
          `encrypted by generation ${now}`,
        ),
      ],
      show: [
        facts('Both keys', [
          ['What was encrypted before', `decrypts, by generation ${was}`],
          ['What is encrypted now', `has generation ${now}`],
          ['Request ids', [old.requestId, fresh.value.requestId, again.requestId].join(' '), true],
        ]),
      ],
    }),
  );
};
