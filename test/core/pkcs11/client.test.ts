import { describe, expect, it } from 'vitest';
import { startTokenProcess, type Wire } from '../../../core/pkcs11/client';
import { DEADLINES_MS } from '../../../core/pkcs11/deadlines';

/** A wire whose other end is this test. */
function makeWire() {
  const posted: { id: number; call: string; argument: unknown }[] = [];
  let answer: (message: unknown) => void = () => undefined;
  let exit: (reason: string) => void = () => undefined;
  const wire: Wire = {
    post: (message) => void posted.push(structuredClone(message) as (typeof posted)[number]),
    onMessage: (listener) => void (answer = listener),
    onExit: (listener) => void (exit = listener),
    kill: () => exit('killed'),
  };
  return { wire, posted, answer: (message: unknown) => answer(message), exit: (reason: string) => exit(reason) };
}

describe('a token process seen from this side', () => {
  it('says first where the profiles are', () => {
    const { wire, posted } = makeWire();
    startTokenProcess(wire, '/profiles');
    expect(posted).toEqual([{ begin: 'keyrite-token-child-1', profilesFolder: '/profiles' }]);
  });

  it('matches answers to calls whatever their order', async () => {
    const { wire, answer } = makeWire();
    const { port } = startTokenProcess(wire, '/profiles');
    const first = port.random({ bytes: 1 });
    const second = port.random({ bytes: 2 });
    answer({ id: 2, result: { ok: true, value: 'bb' } });
    answer({ id: 1, result: { ok: true, value: 'aa' } });
    expect([await first, await second]).toEqual([
      { ok: true, value: 'aa' },
      { ok: true, value: 'bb' },
    ]);
  });

  it('overwrites a PIN as soon as it is posted, and posted it whole', () => {
    const { wire, posted } = makeWire();
    const { port } = startTokenProcess(wire, '/profiles');
    const pin = new TextEncoder().encode('1234');
    void port.login({ user: 'user', pin });
    expect([...pin]).toEqual([0, 0, 0, 0]);
    expect(posted[1]?.argument).toEqual({ user: 'user', pin: new TextEncoder().encode('1234') });
  });

  it('leaves bytes alone that are no secret, and overwrites all others', () => {
    const { wire } = makeWire();
    const { port } = startTokenProcess(wire, '/profiles');
    const [spki, soPin] = [Uint8Array.of(1, 2), Uint8Array.of(3, 4)];
    void port.importWrappingKey({ spki, ckaId: 'aa', label: 'kms', algorithm: 'RSAES_OAEP_SHA_256' });
    void port.initialise({ serial: '', label: 'x', soPin });
    expect([[...spki], [...soPin]]).toEqual([
      [1, 2],
      [0, 0],
    ]);
  });

  it('takes no answer that is none: unknown ids, unknown codes, other shapes', async () => {
    const { wire, answer } = makeWire();
    const { port } = startTokenProcess(wire, '/profiles', { ...DEADLINES_MS, random: 40 });
    const call = port.random({ bytes: 1 });
    for (const junk of [
      null,
      1,
      { id: 1 },
      { id: 9, result: { ok: true, value: 1 } },
      { id: 1, result: { ok: false, error: { code: 'x', detail: {} } } },
    ])
      answer(junk);
    expect(await call).toMatchObject({ ok: false, error: { code: 'token.timeout' } });
    answer({ id: 1, result: { ok: true, value: 'late' } });
  });

  it('throws the child’s bugs, and answers its death', async () => {
    const { wire, answer, exit } = makeWire();
    const { port, onExit, stop } = startTokenProcess(wire, '/profiles');
    const buggy = port.close();
    answer({ id: 1, fault: 'TypeError: oh' });
    await expect(buggy).rejects.toThrow('TypeError: oh');
    const reasons: string[] = [];
    onExit((reason) => reasons.push(reason));
    const dying = port.close();
    exit('exit code 11');
    expect(await dying).toEqual({ ok: false, error: { code: 'token.moduleCrashed', detail: { reason: 'exit code 11' } } });
    onExit((reason) => reasons.push(`again ${reason}`));
    await stop();
    expect(reasons).toEqual(['exit code 11', 'again exit code 11']);
  });
});
