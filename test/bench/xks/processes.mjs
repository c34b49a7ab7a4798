/** Starts what a bench measures and tells what it cost. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';

const HERE = import.meta.dirname;

/** A port nobody listens at now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * CPU seconds a process has used so far, 0 when it is gone: the time each of its threads has run (proc(5), schedstat; exact, while the
 * clock ticks of /proc/PID/stat miss or double what runs for microseconds). Threads that ended meanwhile are left out.
 */
function cpuOf(pid) {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return (
      tasks.reduce(
        (total, task) => total + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
        0,
      ) / 1e9
    );
  } catch {
    return 0;
  }
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** CPU seconds of a process and its children. */
export function cpu(pid) {
  return cpuOf(pid) + childrenOf(pid).reduce((total, child) => total + cpuOf(child), 0);
}

/** Proportional memory of a process and its children, MiB. */
export function memory(pid) {
  return [pid, ...childrenOf(pid)].reduce((total, one) => {
    const kib = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1] ?? '0';
    return total + Number(kib) / 1024;
  }, 0);
}

async function answers(url) {
  try {
    return (await fetch(`${url}/ping`)).status === 200;
  } catch {
    return false;
  }
}

/** Resolves when GET /ping of `url` answers 200; gives up after half a minute. */
export async function serving(url) {
  const end = Date.now() + 30_000;
  while (!(await answers(url))) {
    if (Date.now() > end) throw new Error(`${url} does not serve.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The limit server over `module`. */
export async function startLimit(module) {
  const child = spawn(process.execPath, [path.join(HERE, 'limit-server.mjs'), module], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(Number(data))));
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop: () => ended(child, 'SIGKILL') };
}

/** The proxy as it is built, as a terminal would start it. */
export async function startProxy(settingsFile, url) {
  const entry = path.join(HERE, '../../../dist/main/keyrite.js');
  const child = spawn(process.execPath, [entry, 'proxy', '--config', settingsFile], { stdio: ['ignore', 'ignore', 'inherit'] });
  await serving(url);
  return { url, pid: child.pid, stop: () => ended(child, 'SIGTERM'), kill: () => ended(child, 'SIGKILL') };
}

async function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** The process that makes the load: one for the whole bench. */
function startLoader() {
  const child = spawn(process.execPath, [path.join(HERE, 'load.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    run: async (round) => {
      child.stdin.write(`${JSON.stringify(round)}\n`);
      return JSON.parse((await lines.next()).value);
    },
    stop: () => child.stdin.end(),
  };
}

let loader = null;

/** Ends the process that makes the load. */
export function endLoad() {
  loader?.stop();
}

/**
 * One round of load against a started server; one that is more processes than its own and its children names all (`pids`).
 * @returns what load.mjs says, and the CPU the server used per request, in microseconds
 */
export async function load(server, { requests, connections, seconds, rate = 0, pace = 'bursts' }) {
  loader ??= startLoader();
  const pids = server.pids ?? [server.pid];
  const usedSoFar = () => pids.reduce((total, pid) => total + cpu(pid), 0);
  const before = usedSoFar();
  const began = performance.now();
  const result = await loader.run({ url: server.url, connections, seconds, rate, pace, requests });
  const used = usedSoFar() - before;
  return { ...result, cpuUs: (used / Math.max(1, result.ok)) * 1e6, cores: used / ((performance.now() - began) / 1000) };
}
