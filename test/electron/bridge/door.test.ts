import { describe, expect, it } from 'vitest';
import { BRIDGE, type BridgeFunctions } from '../../../core/contract/bridge';
import { failure, success } from '../../../core/contract/result';
import { openDoor, type Tables } from '../../../electron/bridge/door';

interface Heard {
  readonly calls: { readonly what: string; readonly input: unknown }[];
  readonly refused: string[];
  readonly faults: string[];
}

/** A whole table that only notes what it was asked; `act` decides what one verb does. */
function doorWith(act: (what: string, input: unknown) => unknown = () => success(null)) {
  const heard: Heard = { calls: [], refused: [], faults: [] };
  const table = Object.fromEntries(
    Object.entries(BRIDGE).map(([area, verbs]) => [
      area,
      Object.fromEntries(
        Object.keys(verbs).map((verb) => [
          verb,
          async (input: unknown) => {
            const what = `${area}.${verb}`;
            heard.calls.push({ what, input });
            return act(what, input);
          },
        ]),
      ),
    ]),
  ) as unknown as BridgeFunctions;
  const tables: Tables = {
    main: table,
    projector: { app: { info: table.app.info }, ceremony: { current: table.ceremony.current } },
  };
  const door = openDoor(tables, {
    refused: (reason, what) => heard.refused.push(`${reason} ${what}`),
    fault: (where, cause) => {
      heard.faults.push(`${where}: ${String(cause)}`);
      return 'F1';
    },
  });
  return { door, heard };
}

describe('the door between pages and main', () => {
  it('hands a call that fits to its handler and answers what it answers', async () => {
    const { door, heard } = doorWith(() => failure('token.pinIncorrect', { triesLeft: 2 }));
    const answer = await door('main', 'settings', 'setAppearance', { appearance: 'dark' });
    expect(answer).toEqual({ ok: false, error: { code: 'token.pinIncorrect', detail: { triesLeft: 2 } } });
    expect(heard.calls).toEqual([{ what: 'settings.setAppearance', input: { appearance: 'dark' } }]);
  });

  it('listens to nobody it does not know', async () => {
    const { door, heard } = doorWith();
    expect(await door(null, 'app', 'info', undefined)).toEqual({
      ok: false,
      error: { code: 'bridge.refused', detail: { reason: 'sender' } },
    });
    expect(heard.calls).toEqual([]);
  });

  it('knows every verb of the contract for the main window, and two for the projector', async () => {
    const { door } = doorWith();
    const allowed: string[] = [];
    for (const [area, verbs] of Object.entries(BRIDGE)) {
      for (const verb of Object.keys(verbs)) {
        const refused = { ok: false, error: { code: 'bridge.refused', detail: { reason: 'verb' } } };
        expect(await door('main', area, verb, undefined)).not.toEqual(refused);
        const answer = await door('projector', area, verb, undefined);
        if (answer.ok || answer.error.code !== 'bridge.refused') allowed.push(`${area}.${verb}`);
      }
    }
    expect(allowed).toEqual(['app.info', 'ceremony.current']);
  });

  it.each([
    ['__proto__', 'toString'],
    ['constructor', 'name'],
    ['app', '__proto__'],
    ['app', 'hasOwnProperty'],
    [{ toString: (): string => 'app' }, 'info'],
    [undefined, undefined],
    ['app', 'inf'],
  ])('refuses the verb %j %j', async (area, verb) => {
    const { door, heard } = doorWith();
    expect(await door('main', area, verb, undefined)).toEqual({
      ok: false,
      error: { code: 'bridge.refused', detail: { reason: 'verb' } },
    });
    expect(heard.calls).toEqual([]);
  });

  it('refuses input that does not fit, names the place, and never repeats what was given', async () => {
    const { door, heard } = doorWith();
    const answer = await door('main', 'ceremony', 'login', { pin: 'canary-1234' });
    expect(answer).toEqual({ ok: false, error: { code: 'input.invalid', detail: { what: 'ceremony.login', where: 'pin' } } });
    expect(JSON.stringify([answer, heard])).not.toContain('canary');
  });

  it('turns a bug into a value with its incident number, told to the log once', async () => {
    const { door, heard } = doorWith(() => {
      throw new TypeError('a bug');
    });
    expect(await door('main', 'desk', 'get', undefined)).toEqual({
      ok: false,
      error: { code: 'bridge.fault', detail: { incident: 'F1' } },
    });
    expect(heard.faults).toEqual(['desk.get: TypeError: a bug']);
  });

  it.each([
    ['the handler is done', 'main' as const, 'ceremony', 'login', () => success(null)],
    [
      'the handler throws',
      'main' as const,
      'ceremony',
      'login',
      () => {
        throw new Error('a bug');
      },
    ],
    ['the verb is refused', 'projector' as const, 'ceremony', 'login', () => success(null)],
    ['the sender is refused', null, 'ceremony', 'login', () => success(null)],
  ])('overwrites secrets once %s', async (_, caller, area, verb, act) => {
    const pin = new TextEncoder().encode('1234');
    const seen: number[][] = [];
    const { door } = doorWith((_what, input) => {
      seen.push([...(input as { pin: Uint8Array }).pin]);
      return act();
    });
    await door(caller, area, verb, { pin });
    expect([...pin]).toEqual([0, 0, 0, 0]);
    for (const bytes of seen) expect(bytes).toEqual([49, 50, 51, 52]);
  });
});
