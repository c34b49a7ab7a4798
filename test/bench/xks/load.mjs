/**
 * The load, in a process of its own. stdin: JSON { url, connections, seconds, rate, requests: [{ method, path, headers, body }] };
 * stdout: one JSON line with what was answered. `rate` 0 means as fast as answers come.
 */
import autocannon from 'autocannon';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { url, connections, seconds, rate, requests } = JSON.parse(input);
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  requests,
  timeout: 5,
  ...(rate > 0 ? { overallRate: rate } : {}),
});
const { latency, duration, errors, timeouts, non2xx } = result;
console.log(
  JSON.stringify({
    perSecond: result['2xx'] / duration,
    ok: result['2xx'],
    bad: non2xx,
    errors,
    timeouts,
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
  }),
);
