/** A fixed rate, evenly spread, as the clients of KMS send: autocannon gives each connection its share of a second in one burst. */
import { Agent, request } from 'node:http';

const TIMEOUT_MS = 5000;

function percentile(sorted, share) {
  const at = Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1);
  return Math.round((sorted[Math.max(0, at)] ?? 0) * 10) / 10;
}

/** Sends one request, due at `due`; waiting for a free connection counts, and so does a load generator that is late. */
function send(agent, base, { method, path, headers, body }, due, { counts, times, badAt }) {
  return new Promise((resolve) => {
    const sent = request(
      { agent, host: base.hostname, port: base.port, method, path, headers, timeout: TIMEOUT_MS },
      (response) => {
        response.resume();
        response.on('end', () => {
          times.push(performance.now() - due);
          if (response.statusCode === 200) counts.ok += 1;
          else {
            counts.bad += 1;
            badAt.push(Date.now());
          }
          resolve();
        });
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', ({ message }) => {
      if (message === 'timeout') counts.timeouts += 1;
      else counts.errors += 1;
      resolve();
    });
    sent.end(body);
  });
}

/**
 * @returns the same as autocannon's rounds; times in ms, from when a request was due to the end of its answer; and when answers
 * came that were none of 200, ms since 1970
 */
export async function evenly({ url, connections, seconds, rate, requests }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const base = new URL(url);
  const counts = { ok: 0, bad: 0, errors: 0, timeouts: 0 };
  const badAt = [];
  const times = [];
  const under = [];
  const began = performance.now();
  for (let n = 0; n < rate * seconds;) {
    const now = performance.now();
    for (; n < rate * seconds && began + (n * 1000) / rate <= now; n++)
      under.push(send(agent, base, requests[n % requests.length], began + (n * 1000) / rate, { counts, times, badAt }));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
  const took = (performance.now() - began) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    perSecond: counts.ok / took,
    ...counts,
    badAt,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    max: percentile(times, 1),
  };
}
