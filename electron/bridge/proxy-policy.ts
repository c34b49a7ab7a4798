import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BridgeFunctions } from '../../core/contract/bridge';
import { POLICY_CHARS } from '../../core/contract/proxy-policy';
import { failure, success, type Result } from '../../core/contract/result';
import { diskFailure } from '../../core/pack/disk-failure';
import { replaceFile } from '../../core/pack/durable';
import { readChosenFile } from '../../core/pack/small-file';
import type { SupervisedProxy } from '../../core/supervision/station-proxy';
import { dialogs } from '../dialogs';
import type { PolicyTrials } from '../policy-trials';
import { TEXT } from '../text';

/** Requests of the audit log that a policy is tried on: a busy proxy's last minute, a quiet one's month. */
const NEWEST = 10_000;

async function textOf(path: string): Promise<Result<string>> {
  const file = basename(path);
  try {
    // bytes here, characters in the contract: never fewer
    const found = await readChosenFile(path, POLICY_CHARS);
    if (found.kind === 'text') return success(found.text);
    return found.kind === 'none' ? failure('file.notFound', { file }) : failure('input.invalid', { what: 'policy', file });
  } catch (error) {
    return diskFailure(error, path);
  }
}

/** Without links, also of a file that is not there yet. */
async function placeOf(path: string): Promise<string> {
  return realpath(path)
    .catch(async () => join(await realpath(dirname(path)), basename(path)))
    .catch(() => path);
}

export type PolicyVerbs = Pick<BridgeFunctions['proxy'], 'policy' | 'tryPolicy' | 'stopTrial' | 'exportPolicy'>;

/** Reading, trying and writing policies. What is in force is decided elsewhere: by a ceremony, or by hand and a reload. */
export function proxyPolicyFunctions(ground: {
  readonly proxy: Pick<SupervisedProxy, 'policySources'>;
  readonly trials: PolicyTrials;
}): PolicyVerbs {
  const { proxy, trials } = ground;
  /** counts what makes an older trial unwanted, for one that is not under way yet */
  let wishes = 0;
  return {
    policy: async () => {
      const sources = await proxy.policySources();
      if (!sources.ok) return sources;
      const { policyFile } = sources.value;
      if (policyFile === null) return success({ isSet: false, fileName: '', text: '' });
      const text = await textOf(policyFile);
      return text.ok ? success({ isSet: true, fileName: basename(policyFile), text: text.value }) : text;
    },
    tryPolicy: async ({ text }) => {
      const wish = (wishes += 1);
      const sources = await proxy.policySources();
      if (wish !== wishes) return failure('input.cancelled');
      return sources.ok ? trials.run({ text, audit: sources.value.audit, newest: NEWEST }) : sources;
    },
    stopTrial: async () => {
      wishes += 1;
      trials.stop();
      return success(null);
    },
    exportPolicy: async ({ text }) => {
      const path = await dialogs.newFile(TEXT.exportCedar, 'policy.cedar');
      if (path === null) return failure('input.cancelled');
      const sources = await proxy.policySources();
      if (!sources.ok) return sources;
      const { policyFile } = sources.value;
      // A restart after a crash would put it in force, and nobody would have said so.
      if (policyFile !== null && (await placeOf(policyFile)) === (await placeOf(path)))
        return failure('file.exists', { file: basename(path), what: 'the policy of the settings' });
      try {
        await replaceFile(path, new TextEncoder().encode(`${text.trimEnd()}\n`));
        return success({ name: basename(path) });
      } catch (error) {
        return diskFailure(error, path);
      }
    },
  };
}
