import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAuthorizer, loadAuthorizer } from '../../../proxy/authorize/authorizer';
import { loadCedar, type Cedar } from '../../../proxy/authorize/cedar';
import { judgePolicies } from '../../../proxy/authorize/judge';
import { authorizerOf, CREATE_KEY, fileWith, query, temporaryFolder, removeTemporaryFolders } from './policy-folder';

afterAll(removeTemporaryFolders);

const ALL = 'permit (principal, action, resource);';

interface Told {
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
}

/** What is said of a text that must be refused; `place` is line:column, '' without one. */
async function refusals(content: string | Uint8Array): Promise<Told[]> {
  const file = await fileWith(content);
  const loaded = await loadAuthorizer(file);
  if (loaded.ok) throw new Error('The policy was taken.');
  return loaded.problems.map(({ key, problem, remedy }) => {
    expect(key.startsWith(file)).toBe(true);
    return { place: key.slice(file.length + 1), problem, remedy };
  });
}

describe('decisions', () => {
  it('follow Cedar: what nothing permits is denied, and a forbid wins', async () => {
    const { decide } = await authorizerOf(
      await fileWith(`
        @id("ours") permit (principal, action, resource) when { principal.account == "111122223333" };
        @id("no-vpc-1") forbid (principal, action, resource) when { context has vpc && context.vpc == "vpc-1" };
      `),
    );
    expect(decide(query())).toEqual({ allowed: true, policy: 'ours' });
    expect(decide(query({ vpc: 'vpc-1' }))).toEqual({ allowed: false, policy: 'no-vpc-1' });
    expect(decide(query({ caller: 'arn:aws:iam::999988887777:user/x' }))).toEqual({ allowed: false, policy: 'default-deny' });
  });

  it('name every policy that decided, by its id or else its place in the file', async () => {
    const body = Array.from({ length: 11 }, (_, i) => `permit (principal, action, resource) when { resource.keyId == "k${i}" };`);
    const { decide, policies } = await authorizerOf(await fileWith([...body, `@id("b") ${ALL}`, `@id("a") ${ALL}`].join('\n')));
    expect(policies).toEqual([...body.map((_, i) => `policy${i}`), 'b', 'a']);
    expect(decide(query({ keyId: 'k2' })).policy).toBe('a,b,policy2');
    expect(decide(query({ keyId: 'k10' })).policy).toBe('a,b,policy10');
  });

  it('see the caller as an entity, the action, store and key', async () => {
    const { decide } = await authorizerOf(
      await fileWith(`permit (
        principal == Xks::Caller::"arn:aws:iam::111122223333:user/minerva",
        action == Xks::Action::"GetKeyMetadata",
        resource == Xks::Key::"blue/foo"
      );`),
    );
    expect(decide(query(CREATE_KEY)).allowed).toBe(true);
    expect(decide(query()).allowed).toBe(false);
    expect(decide(query({ ...CREATE_KEY, store: 'red' })).allowed).toBe(false);
    expect(decide(query({ ...CREATE_KEY, caller: 'arn:aws:iam::111122223333:user/minerv' })).allowed).toBe(false);
  });

  it('never concern health', async () => {
    const { decide } = await authorizerOf(await fileWith(`${ALL} forbid (principal, action, resource);`));
    expect(decide(query()).allowed).toBe(false);
    expect(decide(query({ api: 'GetHealthStatus', kmsOperation: 'KmsHealthCheck' }))).toEqual({ allowed: true, policy: '' });
  });

  it('take an operation of KMS that nobody knew yet', async () => {
    const { decide } = await authorizerOf(
      await fileWith(`@id("x") permit (principal, action, resource) when { context.kmsOperation == "New" };`),
    );
    expect(decide(query({ kmsOperation: 'New' }))).toEqual({ allowed: true, policy: 'x' });
  });
});

describe('the engine', () => {
  /** An engine that counts, or fails. */
  function fake(statefulIsAuthorized: Cedar['statefulIsAuthorized']): { cedar: Cedar; faults: string[]; asked: () => number } {
    let asked = 0;
    const faults: string[] = [];
    const counted: Cedar['statefulIsAuthorized'] = (call) => {
      asked += 1;
      return statefulIsAuthorized(call);
    };
    return { cedar: { statefulIsAuthorized: counted } as Cedar, faults, asked: () => asked };
  }

  it('is asked once per query', () => {
    const { cedar, asked } = fake(() => ({
      type: 'success',
      response: { decision: 'allow', diagnostics: { reason: ['a'], errors: [] } },
      warnings: [],
    }));
    const { decide } = createAuthorizer(cedar, 'set', ['a'], () => undefined);
    for (let i = 0; i < 3; i += 1) expect(decide(query())).toEqual({ allowed: true, policy: 'a' });
    expect(asked()).toBe(1);
    decide(query({ caller: 'another' }));
    expect(asked()).toBe(2);
  });

  it('denies and says so when it throws, and is asked again', () => {
    const { cedar, faults, asked } = fake(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    const { decide } = createAuthorizer(cedar, 'set', ['a'], (what) => faults.push(what));
    for (let i = 0; i < 2; i += 1) expect(decide(query())).toEqual({ allowed: false, policy: 'fault' });
    expect(faults).toEqual(['unreachable', 'unreachable']);
    expect(asked()).toBe(2);
  });

  it('denies when it does not know the set', async () => {
    const faults: string[] = [];
    const { decide } = createAuthorizer(await loadCedar(), 'no such set', [], (what) => faults.push(what));
    expect(decide(query())).toEqual({ allowed: false, policy: 'fault' });
    expect(faults[0]).toContain('no such set');
  });

  it('denies when a forbid fails while it is evaluated, where Cedar alone would let the caller pass', async () => {
    const faults: string[] = [];
    const file = await fileWith(
      `${ALL} forbid (principal, action, resource) when { resource.keyId == "foo" && Xks::Caller::"nobody".arn == "x" };`,
    );
    const loaded = await loadAuthorizer(file, (what) => faults.push(what));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.value.decide(query())).toEqual({ allowed: false, policy: 'fault' });
    expect(faults[0]).toContain('nobody');
  });
});

describe('a policy file is refused', () => {
  it('for an attribute, an action and a type that do not exist, each with its place and what was meant', async () => {
    const told = await refusals(`// Grüße
permit (principal, action, resource) when { principal.arm like "x*" };

permit (principal, action == Xks::Action::"Encrpt", resource);
permit (principal == Caller::"x", action, resource);
permit (principal, action, resource) when { principal.account == 111122223333 };
`);
    expect(told.map(({ place }) => place)).toEqual(['2:45', '4:30', '5:22', '6:45']);
    expect(told[0]?.problem).toBe('Attribute `arm` on entity type `Xks::Caller` not found.');
    expect(told[0]?.remedy).toContain('Did you mean `arn`?');
    expect(told[1]?.remedy).toContain('Xks::Action::"Encrypt"');
    expect(told[2]?.remedy).toContain('Xks::Caller');
    for (const { remedy } of told) expect(remedy).toContain('xks.cedarschema');
  });

  it('for text that is no policy, at its line', async () => {
    const [told] = await refusals(`${ALL}\nforbid (principal, action, resource)\nwhen { principal.arn lik "x" };`);
    expect(told?.place).toBe('3:22');
    expect(told?.problem).toContain('Unexpected token `lik`');
  });

  it('for reading what may be absent without asking whether it is there', async () => {
    const told = await refusals(`${ALL} forbid (principal, action, resource) when { context.viaService == "ebs" };`);
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]?.remedy).toContain('has');
  });

  it.each([
    ['is empty', ''],
    ['holds comments only', '// permit (principal, action, resource);\n'],
    ['forbids only', 'forbid (principal, action, resource) when { resource.keyId == "x" };'],
  ])('when it %s, because everybody would be denied', async (_what, text) => {
    const [told] = await refusals(text);
    expect(told?.problem).toContain('every request would be denied');
    expect(told?.remedy).toContain('permit (principal, action, resource);');
    expect(told?.remedy).toContain('keyrite kill');
  });

  it('for a policy that can never match: whoever wrote it believes in a protection that is none', async () => {
    const [told] = await refusals(`${ALL}\nforbid (principal, action, resource) when { resource.keyId == "a" && false };`);
    expect(told).toMatchObject({ place: '2:1' });
    expect(told?.problem).toContain('impossible');
  });

  it('for letters of two alphabets in one name', async () => {
    const told = await refusals(`${ALL}\nforbid (principal == Xks::Caller::"\u0430dmin", action, resource);`);
    expect(told[0]?.problem).toContain('mixed scripts');
  });

  it('for ids that are taken twice, empty, reserved or no names', async () => {
    const ids = ['twice', 'twice', 'a,b', '', 'x'.repeat(65), 'fault', 'default-deny', 'policy3', '../x', 'good'];
    const told = await refusals(ids.map((id) => `@id("${id}")\n${ALL}`).join('\n'));
    expect(told.map(({ place }) => place)).toEqual(['3:1', '5:1', '7:1', '9:1', '11:1', '13:1', '15:1', '17:1']);
    expect(told[0]?.problem).toContain('"twice"');
  });

  it('for asking an entity that no request brings: every decision would fail, and deny', async () => {
    const [told] = await refusals(
      `${ALL}\n@id("odd") forbid (principal, action, resource) when { Xks::Caller::"nobody".arn == "x" };`,
    );
    expect(told?.problem).toContain('"odd"');
    expect(told?.problem).toContain('nobody');
  });

  it('for templates, which the proxy has nothing to fill with', async () => {
    const told = await refusals(`${ALL} permit (principal == ?principal, action, resource);`);
    expect(told[0]?.problem).toContain('template');
  });

  it('for more policies than a decision should have to ask, and for more bytes', async () => {
    expect((await refusals(`${ALL}\n`.repeat(501)))[0]?.problem).toContain('500 policies');
    expect((await refusals(`${ALL}${' '.repeat(256 * 1024)}`))[0]?.problem).toContain('262144 bytes');
  });

  it('when it is not UTF-8, or starts with a byte order mark', async () => {
    expect((await refusals(Uint8Array.of(0x70, 0xff)))[0]?.problem).toContain('UTF-8');
    expect(await refusals(`\ufeff${ALL}`)).toHaveLength(1);
  });

  it('when it is missing or a folder', async () => {
    const folder = await temporaryFolder();
    for (const file of [join(folder, 'none.cedar'), folder]) {
      const loaded = await loadAuthorizer(file);
      expect(loaded).toMatchObject({ ok: false, problems: [{ severity: 'error', key: file }] });
    }
  });

  it.skipIf(process.platform === 'win32')('when everybody may write it; a link to a good one is fine', async () => {
    expect(await loadAuthorizer(await fileWith(ALL, 'open.cedar', 0o646))).toMatchObject({ ok: false });
    const folder = join(await temporaryFolder(), 'mounted');
    await mkdir(folder);
    await symlink(await fileWith(ALL), join(folder, 'policy.cedar'));
    expect((await loadAuthorizer(join(folder, 'policy.cedar'))).ok).toBe(true);
  });
});

describe('a file that breaks the engine', () => {
  const deep = (n: number) => `permit (principal, action, resource) when { ${'('.repeat(n)}true${')'.repeat(n)} };`;
  const long = Array.from({ length: 5000 }, () => 'principal.arn like "x"').join(' || ');

  it('is refused, and the policies in force decide on', async () => {
    const good = await authorizerOf(await fileWith(`@id("good") ${ALL}`));
    for (const text of [deep(20_000), `permit (principal, action, resource) when { ${long} };`]) {
      const [told] = await refusals(text);
      expect(told?.problem).toContain('gave up');
      expect(good.decide(query({ caller: text.slice(0, 100) }))).toEqual({ allowed: true, policy: 'good' });
    }
    const next = await authorizerOf(await fileWith(`@id("next") ${ALL}`));
    expect(next.decide(query())).toEqual({ allowed: true, policy: 'next' });
    expect(good.decide(query({ keyId: 'new' }))).toEqual({ allowed: true, policy: 'good' });
  });

  it('is given up on after its time', async () => {
    expect(await judgePolicies(ALL, 0)).toBeNull();
  });
});
