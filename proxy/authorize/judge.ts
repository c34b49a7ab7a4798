import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { PolicySetTextToPartsAnswer, PolicyToJsonAnswer, ValidationAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import { CEDAR_MODULE } from './cedar';
import schema from '../../resources/policies/xks.cedarschema?raw';

/** What the engine says of a policy text. `parts` and `heads` belong together, in the order of the engine's ids. */
export interface Judgement {
  readonly validation: ValidationAnswer;
  readonly parts: PolicySetTextToPartsAnswer;
  readonly heads: readonly PolicyToJsonAnswer[];
}

/** No honest policy takes a tenth of it. */
const JUDGE_TIMEOUT_MS = 10_000;

/** Runs in the thread. As text, so that it needs no file of its own in the built proxy. */
const IN_THREAD = `
const { parentPort, workerData: { engine, schema, text } } = require('node:worker_threads');
const cedar = require(engine);
const validation = cedar.validate({ schema, policies: { staticPolicies: text } });
const parts = cedar.policySetTextToParts(text);
const heads = parts.type === 'success' ? parts.policies.map((policy) => cedar.policyToJson(policy)) : [];
parentPort.postMessage({ validation, parts, heads });
`;

/**
 * Lets the engine judge a policy text in a thread of its own: a text nested too deeply runs the engine out of its stack and leaves
 * it unusable, and a long one takes time. Either must not touch the engine that decides for the policies in force. The stack of the
 * thread is smaller than that of the main thread: what passes here is safe there.
 * @returns null when the engine gave up on the text
 */
export async function judgePolicies(text: string, timeoutMs = JUDGE_TIMEOUT_MS): Promise<Judgement | null> {
  const engine = createRequire(import.meta.url).resolve(CEDAR_MODULE);
  const thread = new Worker(IN_THREAD, {
    eval: true,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { engine, schema, text },
    resourceLimits: { stackSizeMb: 0.75 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Judgement | null>((resolve) => {
      thread.once('message', resolve);
      for (const end of ['error', 'exit']) thread.once(end, () => resolve(null));
      timer = setTimeout(() => resolve(null), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
