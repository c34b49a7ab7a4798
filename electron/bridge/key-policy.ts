import { basename } from 'node:path';
import type { BridgeFunctions } from '../../core/contract/bridge';
import type { PickedPolicy, PolicyAgainst } from '../../core/contract/key-policy';
import { failure, success, type Result } from '../../core/contract/result';
import { diskFailure } from '../../core/pack/disk-failure';
import { replaceFile } from '../../core/pack/durable';
import { readChosenFile } from '../../core/pack/small-file';
import { judgePolicy, type Before } from '../../core/policy/judge';
import { readPolicy } from '../../core/policy/read';
import { dialogs } from '../dialogs';
import type { KmsLook } from '../kms-look';
import { policyOf, type PeopleStore } from '../people-store';
import { TEXT } from '../text';

const JSON_FILES = { name: TEXT.pickPolicy.filter, extensions: ['json'] };
/** No key policy is larger than 32 KiB; a file this large is none. */
const MAX_BYTES = 1_048_576;

async function textOf(path: string): Promise<Result<string>> {
  try {
    const found = await readChosenFile(path, MAX_BYTES);
    if (found.kind === 'text') return success(found.text);
    return found.kind === 'none' ? failure('file.notFound', { path }) : failure('input.invalid', { what: 'key policy', path });
  } catch (error) {
    return diskFailure(error, path);
  }
}

async function write(path: string, text: string): Promise<Result<{ readonly name: string }>> {
  try {
    await replaceFile(path, new TextEncoder().encode(`${text.trimEnd()}\n`));
    return success({ name: basename(path) });
  } catch (error) {
    return diskFailure(error, path);
  }
}

/** The form, the file and the key of a policy, each judged the same way. The file that was picked last is remembered for comparing. */
export function keyPolicyFunctions(ground: {
  people: PeopleStore;
  look: Pick<KmsLook, 'policyOf'>;
  now: () => Date;
}): BridgeFunctions['keyPolicy'] {
  const { people, look, now } = ground;
  let picked: { readonly name: string; readonly text: string } | null = null;

  function readBefore(name: string, text: string): Result<Before> {
    const read = readPolicy(text);
    return read.ok ? success({ name, read }) : failure('policy.keyPolicy', { name, problem: read.problems[0]?.problem ?? '' });
  }

  async function before(against: PolicyAgainst): Promise<Result<Before | null>> {
    if (against.what === 'nothing') return success(null);
    if (against.what === 'file')
      return picked === null ? failure('file.notFound', { what: 'key policy' }) : readBefore(picked.name, picked.text);
    const text = await look.policyOf(against);
    return text.ok ? readBefore(against.keyId, text.value) : text;
  }

  function judgedFile(name: string, text: string): PickedPolicy {
    const read = readPolicy(text);
    if (!read.ok) return { name, problems: read.problems, judged: null };
    return { name, problems: [], judged: judgePolicy(read, { callerArn: null, account: null, before: null }) };
  }

  return {
    people: async () => success(people.get()),
    setPeople: async (some) => {
      try {
        return success(people.set(some));
      } catch (error) {
        return diskFailure(error, 'key-policy-people.json');
      }
    },
    preview: async ({ people: form, key, caller, against }) => {
      const made = policyOf(form, key, now());
      if (!made.ok) return success({ problems: made.problems, judged: null });
      const old = await before(against);
      if (!old.ok) return old;
      const read = readPolicy(made.text);
      if (!read.ok) throw new Error('The template made a policy that cannot be read.');
      return success({
        problems: [],
        judged: judgePolicy(read, { callerArn: caller, account: form.account, before: old.value }),
      });
    },
    pickPolicy: async () => {
      const path = await dialogs.file(TEXT.pickPolicy, JSON_FILES);
      if (path === null) return failure('input.cancelled');
      const text = await textOf(path);
      if (!text.ok) return text;
      picked = { name: basename(path), text: text.value };
      return success(judgedFile(picked.name, picked.text));
    },
    exportPolicy: async ({ people: form, key }) => {
      const made = policyOf(form, key, now());
      if (!made.ok) return failure('policy.keyPolicy', { problem: made.problems[0]?.problem ?? '' });
      const path = await dialogs.newFile(TEXT.exportPolicy, 'key-policy.json');
      return path === null ? failure('input.cancelled') : write(path, made.text);
    },
  };
}
