import { nodeProblem } from '../../setup/node-version.mjs';
import { fine, type Finding } from './finding';

export function checkNode(version = process.versions.node): Finding {
  const problem = nodeProblem(version);
  return problem === null
    ? fine('node', 'Node', version)
    : { id: 'node', title: 'Node', state: 'missing', found: version, remedy: problem };
}

/** The native module loads only where it was compiled for this platform, which no file listing can tell. */
export async function checkNativeModule(load: () => Promise<unknown> = () => import('../../pkcs11/module')): Promise<Finding> {
  try {
    await load();
    return fine('native', 'PKCS#11 binding', 'loads');
  } catch (error) {
    const found = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return {
      id: 'native',
      title: 'PKCS#11 binding',
      state: 'missing',
      found,
      remedy: 'npm rebuild pkcs11js --foreground-scripts',
    };
  }
}
