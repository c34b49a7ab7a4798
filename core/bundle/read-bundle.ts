import type { Result } from '../contract/result';
import { expectationFailure, type BundleExpectation } from './expectation';
import { inspectBundle, type Bundle } from './inspect';

/**
 * The strict reader: takes a bundle in, or refuses it whole. Only what is in the result may be used afterwards; the medium is not
 * read a second time. Errors: bundle.*, each with facts and, where the code alone does not say it, a sentence as `problem`.
 */
export async function readBundle(folder: string, expected: BundleExpectation): Promise<Result<Bundle>> {
  const bundle = await inspectBundle(folder);
  if (!bundle.ok) return bundle;
  const error = expectationFailure(bundle.value, expected);
  return error === null ? bundle : { ok: false, error };
}
