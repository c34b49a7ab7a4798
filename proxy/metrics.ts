import type { Result } from '../core/contract/result';
import { Registry } from 'prom-client';
import { registerCredentials, registerHealth, registerHsm, registerRecord } from './metrics/gauges';
import { listenForScrapes, type ScrapeListener } from './metrics/listener';
import { registerProcess } from './metrics/process-gauges';
import { requestInstruments } from './metrics/request-instruments';
import type { MetricsSources } from './metrics/sources';
import type { RequestRecord } from './request-record';

export type { MetricsSources } from './metrics/sources';

/** Numbers about the proxy, named beside AWS's own XKS metrics (docs/proxy.md); no label value comes from a caller. */
export interface Metrics {
  /** Takes one answered request. */
  observe(record: RequestRecord): void;
  /** The text a scrape gets, in Prometheus' format. */
  text(): Promise<string>;
  /** Serves GET /metrics in plain HTTP, for loopback. Refuses with `file.notWritable` where the port cannot be had. */
  listen(host: string, port: number): Promise<Result<{ readonly port: number }>>;
  close(): Promise<void>;
}

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const observeRequest = requestInstruments(registry, sources);
  registerHsm(registry, sources);
  registerHealth(registry, sources);
  registerCredentials(registry, sources);
  registerRecord(registry, sources);
  const stopProcess = registerProcess(registry);
  let listener: ScrapeListener | null = null;
  return {
    observe: observeRequest,
    text: () => registry.metrics(),
    listen: async (host, port) => {
      const opened = await listenForScrapes(host, port, () => registry.metrics());
      if (opened.ok) listener = opened.value;
      return opened;
    },
    close: async () => {
      stopProcess();
      await listener?.close();
    },
  };
}
