/** Pulling a kill switch while 1,000 requests a second run through an HSM that takes 2 ms for each call. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../median.mjs';
import { load } from './processes.mjs';
import { encryptBody, encryptPath, signed } from './signed.mjs';
import { labelOf } from './token.mjs';

const RATE = 1_000;
const SECONDS = 3;
const CONNECTIONS = 64;
/** How long the load may take to come, and how fresh an HSM call is that shows it, ms. */
const COMES_WITHIN_MS = 10_000;
const FRESH_MS = 20;
/** From the first press of a button that wants two to the second, ms. */
const BETWEEN_PRESSES_MS = 700;
const KEYRITE = path.join(import.meta.dirname, '../../../dist/main/keyrite.js');

/** What such a proxy is set up with. */
export const SLOW_POOL = { sessions: 24, processes: 2 };
export const SLOW_CALL_US = 2_000;

/** Runs `keyrite kill` or `keyrite arm` in a terminal. */
export function keyrite(verb, settings) {
  execFileSync(process.execPath, [KEYRITE, verb, '--config', settings, '--reason', 'bench'], { stdio: 'ignore' });
}

async function untilLoaded(slow) {
  const end = performance.now() + COMES_WITHIN_MS;
  while (Date.now() - slow.lastDataCall() > FRESH_MS) {
    if (performance.now() > end) throw new Error('There is no load to kill.');
    await pause(5);
  }
}

/**
 * One pull under load.
 * @param server `url`, `pid` or `pids` of a proxy that serves
 * @param slow the module it runs over, from delayed-module.mjs
 * @param control `first`, the first press of a button that wants two; `pull`, which answers when it was switched, ms since 1970
 * @returns ms from the switch to the last HSM call for data that ended after it, and to the first answer that was a refusal
 */
export async function pullUnderLoad(server, slow, { first = async () => undefined, pull }) {
  const request = signed(new URL(server.url).host, encryptPath(labelOf(0)), encryptBody(32, false));
  const running = load(server, { requests: [request], connections: CONNECTIONS, seconds: SECONDS, rate: RATE, pace: 'even' });
  await untilLoaded(slow);
  await first();
  await pause(BETWEEN_PRESSES_MS);
  await untilLoaded(slow);
  const pulledAt = await pull();
  const { badAt } = await running;
  // One before the pull was late, on a machine that could not keep up, and no refusal of the kill.
  const refusedAt = badAt.find((at) => at >= pulledAt);
  if (refusedAt === undefined) throw new Error('Nothing was refused after the kill.');
  return { lastCallMs: Math.max(0, slow.lastDataCall() - pulledAt), refusedMs: refusedAt - pulledAt };
}

/**
 * Several pulls of one control as rows.
 * @param pulls what `pullUnderLoad` answered
 * @param from what the time is counted from, for people
 */
export function pullRows(pulls, control, from) {
  const last = pulls.map(({ lastCallMs }) => lastCallMs);
  const name = `kill by ${control}: from ${from} to the last HSM call`;
  return [
    { name: `${name}, median of ${pulls.length}`, value: median(last), unit: 'ms', target: '<= 50', holds: median(last) <= 50 },
    { name: `${name}, slowest`, value: Math.max(...last), unit: 'ms', target: '', holds: null },
    {
      name: `kill by ${control}: from ${from} to the first refusal, median`,
      value: median(pulls.map(({ refusedMs }) => refusedMs)),
      unit: 'ms',
      target: '',
      holds: null,
    },
  ];
}
