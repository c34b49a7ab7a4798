/**
 * A proxy under the supervisor, without a screen: the kill by the station and by `keyrite kill` while 1,000 requests a second run, and
 * the way back after a crash. docs/performance.md explains the method; the controls of the app are in app-proxy.bench.mjs.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { crashRows, fromCrashToServing } from './xks/crash.mjs';
import { buildDelayedModule } from './xks/delayed-module.mjs';
import { endLoad, freePort, serving } from './xks/processes.mjs';
import { keyrite, pullRows, pullUnderLoad, SLOW_CALL_US, SLOW_POOL } from './xks/pull.mjs';
import { writeSettings } from './xks/settings.mjs';
import { buildSupervising, superviseIn } from './xks/supervising.mjs';
import { labelOf, makeToken, PIN } from './xks/token.mjs';

const PULLS = Number(process.env.KEYRITE_BENCH_PULLS ?? 3);
/** A supervisor starts a proxy five times in ten minutes; after that it is started anew. */
const CRASHES = 4;

const KEYRITE = path.join(import.meta.dirname, '../../dist/main/keyrite.js');
if (!existsSync(KEYRITE)) throw new Error('Build first: npm run build.');

/** A supervised proxy over `module`, serving. */
async function supervised(token, program, module, pool) {
  const port = await freePort();
  const folder = path.join(token.folder, `supervised-${port}`);
  const settings = writeSettings(folder, { module, port, labels: [labelOf(0)], pool, pinFrom: 'supervisor' });
  const supervisor = superviseIn(folder, program, PIN);
  const url = `http://127.0.0.1:${port}`;
  const { pid } = await supervisor.start();
  await serving(url);
  return { ...supervisor, settings, url, pid };
}

async function kills(token, program) {
  const slow = buildDelayedModule(token.folder, token.module, SLOW_CALL_US);
  const proxy = await supervised(token, program, slow.path, SLOW_POOL);
  const pulls = async (pull) => {
    const found = [];
    for (let n = 0; n < PULLS; n++) {
      found.push(await pullUnderLoad(proxy, slow, { pull }));
      await proxy.arm();
      await serving(proxy.url);
    }
    return found;
  };
  try {
    return [
      ...pullRows(await pulls(async () => (await proxy.kill()).at), 'the station', 'the order'),
      ...pullRows(
        await pulls(async () => {
          keyrite('kill', proxy.settings);
          return Date.now();
        }),
        'keyrite kill',
        'its acknowledgement',
      ),
    ];
  } finally {
    await proxy.stop();
  }
}

async function crashes(token, program) {
  const proxy = await supervised(token, program, token.module, { sessions: 2, processes: 1 });
  const times = [];
  try {
    let { pid } = proxy;
    for (let n = 0; n < CRASHES; n++) {
      times.push(await fromCrashToServing(proxy.url, pid));
      // a start by a person counts restarts anew
      ({ pid } = await proxy.start());
      await serving(proxy.url);
    }
    return crashRows(times, 'supervisor');
  } finally {
    await proxy.stop();
  }
}

const token = makeToken(1);
try {
  const program = await buildSupervising(token.folder);
  console.log(JSON.stringify([...(await kills(token, program)), ...(await crashes(token, program))]));
} finally {
  endLoad();
  token.remove();
}
