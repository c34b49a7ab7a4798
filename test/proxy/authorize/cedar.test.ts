import { createRequire } from 'node:module';
import { afterAll, expect, it } from 'vitest';
import { loadAuthorizer } from '../../../proxy/authorize/authorizer';
import { fileWith, removeTemporaryFolders } from './policy-folder';

afterAll(removeTemporaryFolders);

function isEngineLoaded(): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('cedar-wasm'));
}

it('is not loaded before there is a policy to be in force, nor for one that is refused', async () => {
  expect(isEngineLoaded()).toBe(false);
  expect((await loadAuthorizer(await fileWith('no policy'))).ok).toBe(false);
  expect(isEngineLoaded()).toBe(false);
  expect((await loadAuthorizer(await fileWith('permit (principal, action, resource);'))).ok).toBe(true);
  expect(isEngineLoaded()).toBe(true);
});
