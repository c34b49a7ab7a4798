import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricsSources } from './sources';
import type { RequestRecord } from '../request-record';
import { errorType, knownOperation } from './label-values';

/** Milliseconds: fine around what an HSM takes, KMS's 35 ms for the way, and its 250 ms for everything. */
const BUCKETS = [1, 2, 3, 5, 7, 10, 15, 20, 35, 50, 75, 100, 150, 200, 250, 500, 1000];

/** What is counted for each request. */
export function requestInstruments(
  registry: Registry,
  { configured, inFlight }: MetricsSources,
): (record: RequestRecord) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'keyrite_xks_requests_total',
    help: 'Answered requests. kms_operation is "other" for one not known here, store "none" where no prefix matched.',
    labelNames: ['store', 'api', 'kms_operation', 'outcome'],
    registers,
  });
  const errors = new Counter({
    name: 'keyrite_xks_errors_total',
    help: 'Requests answered with an error, by what KMS makes of it. AWS/KMS: XksProxyErrors (ErrorType, ExceptionName).',
    labelNames: ['store', 'error_type', 'exception_name'],
    registers,
  });
  const latency = histogram(
    registry,
    'keyrite_xks_latency_milliseconds',
    'From the last byte of the request to the answer. AWS/KMS: XksProxyLatency, which counts the network too; KMS gives up at 250.',
    ['store', 'api'],
  );
  const queue = histogram(registry, 'keyrite_xks_queue_milliseconds', 'Part of the latency: waiting for a session.', ['api']);
  const hsm = histogram(registry, 'keyrite_xks_hsm_milliseconds', 'Part of the latency: the HSM at work.', ['api']);
  new Gauge({
    name: 'keyrite_xks_in_flight',
    help: 'Requests that are being worked on.',
    registers,
    collect() {
      this.set(inFlight());
    },
  });
  let stores = configured().stores;
  const isConfigured = (store: string): boolean => {
    if (!stores.has(store) && store !== '') stores = configured().stores; // a reload may have brought it
    return stores.has(store);
  };
  return ({ store: named, api: path, kmsOperation, outcome, totalMs, queueMs, hsmMs }) => {
    const store = isConfigured(named) ? named : 'none';
    const api = path ?? 'none';
    requests.inc({ store, api, kms_operation: knownOperation(kmsOperation), outcome });
    if (outcome !== 'ok') errors.inc({ store, error_type: errorType(outcome), exception_name: outcome });
    latency.observe({ store, api }, totalMs);
    if (hsmMs === 0 && queueMs === 0) return; // it never came to the HSM
    queue.observe({ api }, queueMs);
    hsm.observe({ api }, hsmMs);
  };
}

function histogram<Label extends string>(registry: Registry, name: string, help: string, labelNames: Label[]): Histogram<Label> {
  return new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [registry] });
}
