import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { HsmState } from '../../../proxy/hsm/port';
import { createMetrics, type Metrics, type MetricsSources } from '../../../proxy/metrics';
import { record } from '../audit/ground';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const open: Metrics[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((metrics) => metrics.close()));
});

function hsmState(more: Partial<HsmState> = {}): HsmState {
  return {
    condition: 'serving',
    problem: '',
    loggedOut: 'no',
    sessions: { wanted: 8, ready: 7, busy: 3, hung: 1 },
    queued: 5,
    counts: {
      workersReplaced: 2,
      logins: 4,
      loginsRefused: 0,
      timeouts: 6,
      throttled: 9,
      encryptions: { 'pay-key': 12, 'not-configured': 3 },
    },
    token: null,
    ...more,
  };
}

function metricsOf(more: Partial<MetricsSources> = {}): Metrics {
  const metrics = createMetrics({
    hsm: () => hsmState(),
    audit: () => ({ isWritable: true, written: 70, failed: 1 }),
    latch: () => ({ killed: false, blocked: ['a', 'b'] }),
    health: () => ({
      xksProxyFleetSize: 1,
      xksProxyVendor: 'v',
      xksProxyModel: 'm',
      ekmVendor: 'e',
      ekmFleetDetails: [{ id: '1', model: 'm', healthStatus: 'DEGRADED' }],
    }),
    inFlight: () => 4,
    configured: () => ({ stores: new Set(['payments']), keys: new Set(['pay-key']) }),
    certificateNotAfter: () => '2026-12-03T10:00:00.000Z',
    credentials: () => [
      { store: 'payments', accessKeyId: 'AKIAONE', since: '2026-11-13T22:00:00.000Z' },
      { store: 'payments', accessKeyId: 'AKIATWO', since: null },
    ],
    now: () => NOW,
    ...more,
  });
  open.push(metrics);
  return metrics;
}

/** The lines of one metric, without those that explain it. */
async function lines(metrics: Metrics, name: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
}

describe('the metrics', () => {
  it('count requests by store, call, operation and outcome, and errors as KMS sorts them', async () => {
    const metrics = metricsOf();
    metrics.observe(record('1'));
    metrics.observe(record('2'));
    metrics.observe(record('3', { outcome: 'DependencyTimeoutException', status: 503 }));
    metrics.observe(record('4', { outcome: 'AccessDeniedException', status: 403, queueMs: 0, hsmMs: 0 }));
    expect(await lines(metrics, 'keyrite_xks_requests_total')).toEqual([
      'keyrite_xks_requests_total{store="payments",api="Encrypt",kms_operation="GenerateDataKey",outcome="ok"} 2',
      'keyrite_xks_requests_total{store="payments",api="Encrypt",kms_operation="GenerateDataKey",outcome="DependencyTimeoutException"} 1',
      'keyrite_xks_requests_total{store="payments",api="Encrypt",kms_operation="GenerateDataKey",outcome="AccessDeniedException"} 1',
    ]);
    expect(await lines(metrics, 'keyrite_xks_errors_total')).toEqual([
      'keyrite_xks_errors_total{store="payments",error_type="Retryable",exception_name="DependencyTimeoutException"} 1',
      'keyrite_xks_errors_total{store="payments",error_type="Non-retryable",exception_name="AccessDeniedException"} 1',
    ]);
    expect(await lines(metrics, 'keyrite_xks_latency_milliseconds_count')).toEqual([
      'keyrite_xks_latency_milliseconds_count{store="payments",api="Encrypt"} 4',
    ]);
    expect(await lines(metrics, 'keyrite_xks_hsm_milliseconds_count')).toEqual([
      'keyrite_xks_hsm_milliseconds_count{api="Encrypt"} 3',
    ]);
    expect(await lines(metrics, 'keyrite_xks_latency_milliseconds_bucket{le="250"')).toHaveLength(1);
  });

  it('do not grow with what callers send', async () => {
    const metrics = metricsOf();
    for (let i = 0; i < 2000; i++)
      metrics.observe(
        record(String(i), {
          store: `s${i}`,
          kmsOperation: `Op${i}`,
          keyId: `k${i}`,
          caller: `c${i}`,
          via: `v${i}`,
          reason: `r${i}`,
        }),
      );
    expect(await lines(metrics, 'keyrite_xks_requests_total')).toEqual([
      'keyrite_xks_requests_total{store="none",api="Encrypt",kms_operation="other",outcome="ok"} 2000',
    ]);
    expect((await metrics.text()).split('\n').length).toBeLessThan(200);
  });

  it('know a key store that a reload brought', async () => {
    const stores = new Set(['payments']);
    const metrics = metricsOf({ configured: () => ({ stores: new Set(stores), keys: new Set() }) });
    metrics.observe(record('1', { store: 'loans' }));
    stores.add('loans');
    metrics.observe(record('2', { store: 'loans' }));
    expect(await lines(metrics, 'keyrite_xks_latency_milliseconds_count')).toEqual([
      'keyrite_xks_latency_milliseconds_count{store="none",api="Encrypt"} 1',
      'keyrite_xks_latency_milliseconds_count{store="loans",api="Encrypt"} 1',
    ]);
  });

  it('tell how pool, latch, health, credentials and record are when they are read', async () => {
    let killed = false;
    const metrics = metricsOf({ latch: () => ({ killed, blocked: [] }) });
    const text = await metrics.text();
    for (const line of [
      'keyrite_hsm_condition{condition="serving"} 1',
      'keyrite_hsm_condition{condition="loginRefused"} 0',
      'keyrite_hsm_sessions{state="wanted"} 8',
      'keyrite_hsm_sessions{state="ready"} 7',
      'keyrite_hsm_sessions{state="busy"} 3',
      'keyrite_hsm_sessions{state="hung"} 1',
      'keyrite_hsm_queue_depth 5',
      'keyrite_hsm_workers_replaced_total 2',
      'keyrite_hsm_logins_total 4',
      'keyrite_hsm_logins_refused_total 0',
      'keyrite_hsm_timeouts_total 6',
      'keyrite_hsm_throttled_total 9',
      'keyrite_key_encryptions_total{key="pay-key"} 12',
      'keyrite_key_encryptions_ceiling 4294967296',
      'keyrite_xks_in_flight 4',
      'keyrite_xks_external_key_manager_states{state="Active"} 0',
      'keyrite_xks_external_key_manager_states{state="Degraded"} 1',
      'keyrite_xks_certificate_days_to_expire 10',
      'keyrite_xks_credential_age_days{store="payments",access_key_id="AKIAONE"} 9.5',
      'keyrite_latch_killed 0',
      'keyrite_keys_blocked 0',
      'keyrite_audit_writable 1',
      'keyrite_audit_lines_total 70',
      'keyrite_audit_failures_total 1',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).not.toContain('not-configured');
    expect(text).not.toContain('AKIATWO');
    killed = true;
    expect(await lines(metrics, 'keyrite_latch_killed')).toEqual(['keyrite_latch_killed 1']);
  });

  it('read the same twice: what others count is not added up', async () => {
    const metrics = metricsOf();
    await metrics.text();
    expect(await lines(metrics, 'keyrite_audit_lines_total')).toEqual(['keyrite_audit_lines_total 70']);
  });

  it('name AWS’s own metric beside each of ours that has one', async () => {
    const text = await metricsOf().text();
    for (const name of [
      'XksProxyLatency',
      'XksProxyErrors',
      'XksProxyCertificateDaysToExpire',
      'XksProxyCredentialAge',
      'XksExternalKeyManagerStates',
    ])
      expect(text).toMatch(new RegExp(`# HELP keyrite_\\w+ .*${name}`));
  });

  it('leave out what is not known: the certificate of plain HTTP', async () => {
    const metrics = metricsOf({ certificateNotAfter: () => null });
    expect(await lines(metrics, 'keyrite_xks_certificate_days_to_expire')).toEqual([]);
  });
});

describe('the listener of the metrics', () => {
  async function listening(): Promise<{ metrics: Metrics; port: number; url: string }> {
    const metrics = metricsOf();
    const opened = await metrics.listen('127.0.0.1', 0);
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const { port } = opened.value;
    return { metrics, port, url: `http://127.0.0.1:${port}` };
  }

  it('serves GET /metrics and nothing else', async () => {
    const { url } = await listening();
    const answer = await fetch(`${url}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(await answer.text()).toContain('keyrite_latch_killed 0');
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${url}/metrics?x=1`)).status).toBe(404);
    const posted = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('cuts off who does not finish a request', async () => {
    const { port } = await listening();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n');
    socket.resume();
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });

  it('says so when it cannot have its port, and closes though a client stays connected', async () => {
    const { metrics, port } = await listening();
    expect(await metricsOf().listen('127.0.0.1', port)).toMatchObject({ ok: false, error: { detail: { errno: 'EADDRINUSE' } } });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    await metrics.close();
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });

  it('answers 500 and lives on when a number cannot be had', async () => {
    const metrics = metricsOf({
      hsm: () => {
        throw new Error('no pool');
      },
    });
    const opened = await metrics.listen('127.0.0.1', 0);
    if (!opened.ok) throw new Error('It does not listen.');
    const answer = await fetch(`http://127.0.0.1:${opened.value.port}/metrics`);
    expect([answer.status, await answer.text()]).toEqual([500, 'The metrics could not be read.\n']);
  });
});
