import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { keyPlan, legalCombinations } from '../../../core/keys/policy';
import { serveTokenPort } from '../../../core/pkcs11/child/serve';
import { DEADLINES_MS } from '../../../core/pkcs11/deadlines';
import { ARGUMENTS } from '../../../core/pkcs11/messages';
import { resolve } from 'node:path';

const PROFILES = resolve(import.meta.dirname, '../../../resources/profiles');

/** A server with its answers, and a call that waits for the answer with its id. */
function makeServer() {
  const listeners = new Map<number, (answer: unknown) => void>();
  const server = serveTokenPort((answer) => listeners.get(answer.id)?.(answer));
  const call = (id: number, message: object) =>
    new Promise<unknown>((answered) => {
      listeners.set(id, answered);
      server.receive({ id, ...message });
    });
  return { server, call };
}

describe('messages to the token child', () => {
  it('take every plan the policy makes', () => {
    for (const chosen of legalCombinations()) {
      const plan = keyPlan('0123456789abcdef', { ...chosen, label: 'key', ckaId: 'ab'.repeat(16) });
      if (!plan.ok) throw new Error('refused');
      expect(ARGUMENTS.generate.safeParse(JSON.parse(JSON.stringify(plan.value))).success).toBe(true);
    }
  });

  it('have a deadline each', () => {
    expect(Object.keys(DEADLINES_MS).toSorted()).toEqual(Object.keys(ARGUMENTS).toSorted());
  });

  it('need to begin with the profiles, and are refused in words until then', async () => {
    const { server, call } = makeServer();
    server.receive({ begin: 'something else' });
    expect(await call(1, { call: 'close', argument: null })).toMatchObject({
      id: 1,
      result: { ok: false, error: { code: 'input.invalid' } },
    });
  });

  it('of any shape never stop the child, and their byte arrays are overwritten', async () => {
    const { server, call } = makeServer();
    server.receive({ begin: 'keyrite-token-child-1', profilesFolder: PROFILES });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(ARGUMENTS)),
        fc.anything(),
        fc.integer({ min: 10, max: 1_000_000 }),
        async (name, junk, id) => {
          const pin = new TextEncoder().encode('canary');
          server.receive(junk);
          const answer = await call(id, { call: name, argument: { pin, user: junk } });
          expect(answer).toMatchObject({ result: { ok: false, error: { code: 'input.invalid' } } });
          expect(JSON.stringify(answer)).not.toContain('canary');
          await call(5, { call: 'close', argument: null });
          expect(pin.every((byte) => byte === 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
