/** A proxy under the supervisor of the app and the terminal, in a Node process of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';

const ROOT = path.join(import.meta.dirname, '../../..');
const PROXY_CHILD = path.join(ROOT, 'dist/main/proxy-child.js');

/** Builds the supervising program into `folder`. @returns its path */
export async function buildSupervising(folder) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.join(import.meta.dirname, 'supervising-subject.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'supervising.mjs' } },
    },
    ssr: { noExternal: true },
  });
  return path.join(folder, 'supervising.mjs');
}

/**
 * Starts it over the proxy that is set up in `folder`.
 * @returns asks it `start`, `kill` or `arm`, which answer { at, pid, ok }: when it was begun, the pid of the proxy, and how it went
 */
export function superviseIn(folder, program, pin) {
  const child = spawn(process.execPath, [program, folder, PROXY_CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (what) => {
    child.stdin.write(`${what}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('The supervising program ended.');
    const answer = JSON.parse(value);
    if (!answer.ok) throw new Error(`${what}: ${value}`);
    return answer;
  };
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.write(`${pin}\n`);
  return {
    start: () => ask('start'),
    kill: () => ask('kill'),
    arm: () => ask('arm'),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
