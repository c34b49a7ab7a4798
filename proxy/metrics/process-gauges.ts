import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Registry } from 'prom-client';
import { counter, gauge, single } from './read-at-scrape';

const NS_PER_S = 1e9;

/**
 * The process itself, under the names everybody uses. The client library's own set reads /proc synchronously at each scrape and
 * counts much that nobody looks at; these cost nothing. @returns what stops the measuring of the event loop
 */
export function registerProcess(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  gauge(registry, {
    name: 'nodejs_eventloop_lag_seconds',
    help: 'Delay of the event loop since the last scrape, by quantile; 1 is the longest.',
    labelNames: ['quantile'],
    read: () => {
      const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) => ns / NS_PER_S);
      delay.reset();
      return [
        [['0.5'], p50 ?? 0],
        [['0.99'], p99 ?? 0],
        [['1'], max ?? 0],
      ];
    },
  });
  gauge(registry, {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the main process.',
    labelNames: [],
    read: () => single(process.memoryUsage.rss()),
  });
  counter(registry, {
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the main process, user and system.',
    labelNames: [],
    read: () => single((process.cpuUsage().user + process.cpuUsage().system) / 1e6),
  });
  gauge(registry, {
    name: 'process_start_time_seconds',
    help: 'Start of the main process, seconds since 1970.',
    labelNames: [],
    read: () => single(Math.round(Date.now() / 1000 - process.uptime())),
  });
  return () => delay.disable();
}
