/**
 * The load, in a process of its own, which lives through all rounds so that its own code is compiled when it counts. stdin: one JSON
 * line per round, { url, connections, seconds, rate, requests: [{ method, path, headers, body }] }; stdout: one JSON line with what
 * was answered. `rate` 0 means as fast as answers come; `pace` says how a rate is kept, `even` or in `bursts`.
 */
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { evenly } from './evenly.mjs';

async function cannon({ url, connections, seconds, rate, requests }) {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests,
    timeout: 5,
    ...(rate > 0 ? { overallRate: rate } : {}),
  });
  const { latency, duration, errors, timeouts, non2xx } = result;
  return {
    perSecond: result['2xx'] / duration,
    ok: result['2xx'],
    bad: non2xx,
    errors,
    timeouts,
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const round = JSON.parse(line);
  console.log(JSON.stringify(await (round.pace === 'even' ? evenly(round) : cannon(round))));
}
