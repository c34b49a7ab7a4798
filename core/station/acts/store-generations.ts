import { z } from 'zod';
import type { CeremonyState } from '../../ceremony/state';
import { failure, success } from '../../contract/result';
import type { Check, Outcome, ShowBlock } from '../../keys/evidence';
import type { AuditRequest } from '../../pack/audit-requests';
import { generationOf } from '../../pack/generation';
import { check, facts, outcome, type Act } from './act';
import { hatch, sing } from './canary';
import { kmsKeyArn } from './kms-plan';
import { linesOfServers } from './servers-logs';
import { storePlan } from './store-plan';
import { linesOf, ownLines } from './store-prove';

/** Something that only the old key can decrypt, kept for the proof at the end. */
export const storeBefore: Act = async (context) => {
  const { region, place } = storePlan(context.state);
  const kms = await context.kms(region, 'user');
  if (!kms.ok) return kms;
  const since = context.now().toISOString();
  const made = await hatch(kms.value, kmsKeyArn(context.state));
  if (!made.ok) return made;
  const { canary, requestId } = made.value;
  const lines = place === 'here' ? await ownLines(context, since) : success([]);
  if (!lines.ok) return lines;
  const generation = generationIn(lines.value, requestId);
  const wanted = 'a line for every call';
  return success(
    outcome({
      data: { canary: Buffer.from(canary.ciphertext).toString('base64'), generation, requestId },
      // the lines of servers come in later, on a medium
      checks:
        place === 'here' ? [check('CER-XKS-JOINED', generation !== '', wanted, generation === '' ? requestId : wanted)] : [],
      show: [
        facts('Encrypted with the key there is', [
          ['Request id', requestId, true],
          ['Generation', generation, true],
        ]),
      ],
    }),
  );
};

function generationIn(lines: readonly AuditRequest[], requestId: string): string {
  return linesOf({ requestId }, lines)[0]?.generation ?? '';
}

/** One use of the key, as it ended. */
const use = z.object({ ok: z.boolean(), code: z.string(), requestId: z.string() });
/** `old`: what was encrypted before is decrypted; `fresh`: something is encrypted now; `again`: and decrypted. */
const uses = z.object({ old: use, fresh: use, again: use });
type Uses = z.infer<typeof uses>;

/** The old ciphertext still decrypts by the old key, and what is encrypted now has the new one: told by the proxy's own lines. */
export const storeAfter: Act = async (context) => {
  const { region, place } = storePlan(context.state);
  const kms = await context.kms(region, 'user');
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
  const tried = uses.parse({ old, fresh: { ok: true, code: '', requestId: fresh.value.requestId }, again });
  if (place === 'server')
    return success(outcome({ data: { uses: tried }, checks: decryptChecks(tried), show: [usesShown(tried, [])] }));
  const lines = await ownLines(context, since);
  if (!lines.ok) return lines;
  const kept = before?.['generation'];
  return success(told(context.state, tried, typeof kept === 'string' ? kept : '', lines.value));
};

/** The same, told by the lines of the servers, when they have come in. */
export const serversGenerations: Act = async (context) => {
  const lines = await linesOfServers(context);
  if (!lines.ok) return lines;
  const tried = uses.safeParse(context.state.data['store.after']?.['uses']);
  const first = context.state.data['store.before']?.['requestId'];
  if (!tried.success || typeof first !== 'string') return failure('ceremony.notNow', { waitingFor: 'ciphertext' });
  return success(told(context.state, tried.data, generationIn(lines.value, first), lines.value));
};

/** The new generation is that of the very key which this ceremony made: another one would be nobody's plan. */
function told({ data }: CeremonyState, tried: Uses, before: string, lines: readonly AuditRequest[]): Outcome {
  const { old, fresh, again } = tried;
  const made = data['token.generate']?.['ckaId'];
  const wanted = typeof made === 'string' ? generationOf(made) : '';
  const [was, now] = [generationIn(lines, old.requestId), generationIn(lines, fresh.requestId)];
  return outcome({
    data: { uses: tried, was, now },
    checks: [
      check(
        'CER-XKS-OLD-DECRYPTS',
        old.ok && before !== '' && was === before,
        `decrypted by generation ${before}`,
        old.ok ? `decrypted by generation ${was}` : `refused (${old.code})`,
      ),
      check(
        'CER-XKS-NEW-ENCRYPTS',
        again.ok && wanted !== '' && now === wanted && now !== before,
        `encrypted by generation ${wanted}`,
        again.ok ? `encrypted by generation ${now}` : `refused (${again.code})`,
      ),
    ],
    show: [
      usesShown(tried, [
        ['What was encrypted before', `decrypts, by generation ${was}`],
        ['What is encrypted now', `has generation ${now}`],
      ]),
    ],
  });
}

/** As far as KMS alone can tell. */
function decryptChecks({ old, again }: Uses): Check[] {
  const decrypts = (rule: string, { ok, code }: Uses['old']) =>
    check(rule, ok, 'it decrypts', ok ? 'it decrypts' : `refused (${code})`);
  return [decrypts('CER-XKS-OLD-DECRYPTS', old), decrypts('CER-XKS-NEW-ENCRYPTS', again)];
}

function usesShown({ old, fresh, again }: Uses, rows: readonly (readonly [string, string])[]): ShowBlock {
  const ids = [old, fresh, again].map(({ requestId }) => requestId).join(' ');
  return facts('Both keys', [...rows, ['Request ids', ids, true]]);
}
