import type { Registry } from 'prom-client';
import type { MetricsSources } from './sources';
import { counter, gauge, single, type Readings } from './read-at-scrape';

const DAY_MS = 86_400_000;
const CONDITIONS = ['starting', 'serving', 'recovering', 'loginRefused', 'loggedOut', 'killed', 'stopped'] as const;
/** Random 96-bit IVs are good for this many encryptions under one key (SP 800-38D, 8.3). */
const ENCRYPTIONS_CEILING = 2 ** 32;

/** The pool: sessions, queue, what was replaced and refused, encryptions per key. */
export function registerHsm(registry: Registry, { hsm, configured }: MetricsSources): void {
  gauge(registry, {
    name: 'keyrite_hsm_condition',
    help: '1 for the condition the pool is in, 0 for the others.',
    labelNames: ['condition'],
    read: () => CONDITIONS.map((condition) => [[condition], hsm().condition === condition ? 1 : 0]),
  });
  gauge(registry, {
    name: 'keyrite_hsm_sessions',
    help: 'Sessions with the HSM by state. Below "wanted" for long: see keyrite status.',
    labelNames: ['state'],
    read: () => Object.entries(hsm().sessions).map(([state, count]) => [[state], count]),
  });
  gauge(registry, {
    name: 'keyrite_hsm_queue_depth',
    help: 'Operations that wait for a session.',
    labelNames: [],
    read: () => single(hsm().queued),
  });
  count(
    registry,
    'keyrite_hsm_workers_replaced_total',
    'Workers that hung or ended and were replaced.',
    () => hsm().counts.workersReplaced,
  );
  count(registry, 'keyrite_hsm_logins_total', 'Logins at the token.', () => hsm().counts.logins);
  count(registry, 'keyrite_hsm_logins_refused_total', 'Logins the token refused.', () => hsm().counts.loginsRefused);
  count(registry, 'keyrite_hsm_timeouts_total', 'Operations without an answer within the deadline.', () => hsm().counts.timeouts);
  count(registry, 'keyrite_hsm_throttled_total', 'Operations refused because the queue was full.', () => hsm().counts.throttled);
  counter(registry, {
    name: 'keyrite_key_encryptions_total',
    help: 'Encryptions under a key since this process began; all of its life count towards keyrite_key_encryptions_ceiling.',
    labelNames: ['key'],
    read: () => ofConfigured(hsm().counts.encryptions, configured().keys),
  });
  gauge(registry, {
    name: 'keyrite_key_encryptions_ceiling',
    help: 'Encryptions that one key may do with random IVs (SP 800-38D, 8.3).',
    labelNames: [],
    read: () => single(ENCRYPTIONS_CEILING),
  });
}

function count(registry: Registry, name: string, help: string, read: () => number): void {
  counter(registry, { name, help, labelNames: [], read: () => single(read()) });
}

function ofConfigured(encryptions: Readonly<Record<string, number>>, keys: ReadonlySet<string>): Readings {
  return Object.entries(encryptions)
    .filter(([key]) => keys.has(key))
    .map(([key, value]) => [[key], value]);
}

/** What the health call tells KMS. */
export function registerHealth(registry: Registry, { health }: MetricsSources): void {
  gauge(registry, {
    name: 'keyrite_xks_external_key_manager_states',
    help: 'External key managers by state, as GetHealthStatus answers. AWS/KMS: XksExternalKeyManagerStates.',
    labelNames: ['state'],
    read: () => {
      const states = health().ekmFleetDetails.map(({ healthStatus }) => healthStatus);
      const counted = (wanted: string): number => states.filter((state) => state === wanted).length;
      return [
        [['Active'], counted('ACTIVE')],
        [['Degraded'], counted('DEGRADED')],
        [['Unavailable'], counted('UNAVAILABLE')],
      ];
    },
  });
}

/** What runs out: the certificate and the credentials. */
export function registerCredentials(registry: Registry, { certificateNotAfter, credentials, now }: MetricsSources): void {
  gauge(registry, {
    name: 'keyrite_xks_certificate_days_to_expire',
    help: 'Days until the server certificate ends; below 0 it has. AWS/KMS: XksProxyCertificateDaysToExpire.',
    labelNames: [],
    read: () => days(certificateNotAfter(), (at) => at - now()).flatMap(single),
  });
  gauge(registry, {
    name: 'keyrite_xks_credential_age_days',
    help: 'Days a credential has been in use. AWS/KMS: XksProxyCredentialAge, which counts from the change in KMS.',
    labelNames: ['store', 'access_key_id'],
    read: () =>
      credentials().flatMap(({ store, accessKeyId, since }): Readings =>
        days(since, (at) => now() - at).map((age) => [[store, accessKeyId], age]),
      ),
  });
}

/** None where the time is not known. */
function days(at: string | null, difference: (at: number) => number): readonly number[] {
  const time = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? [] : [Math.round((difference(time) / DAY_MS) * 1000) / 1000];
}

/** The switch and the record. */
export function registerRecord(registry: Registry, { latch, audit }: MetricsSources): void {
  gauge(registry, {
    name: 'keyrite_latch_killed',
    help: '1 while the proxy is killed.',
    labelNames: [],
    read: () => single(latch().killed ? 1 : 0),
  });
  gauge(registry, {
    name: 'keyrite_keys_blocked',
    help: 'Keys that are blocked.',
    labelNames: [],
    read: () => single(latch().blocked.length),
  });
  gauge(registry, {
    name: 'keyrite_audit_writable',
    help: '1 while audit lines can be written.',
    labelNames: [],
    read: () => single(audit().isWritable ? 1 : 0),
  });
  count(registry, 'keyrite_audit_lines_total', 'Audit lines written.', () => audit().written);
  count(registry, 'keyrite_audit_failures_total', 'Requests whose audit line was not written in time.', () => audit().failed);
}
