import { TOOL } from '../../core/contract/tool';
import { XKS_BASE } from '../../core/xks/uri';
import type { ProxyStatus } from '../../core/contract/proxy-status';
import type { Audit } from '../audit/audit';
import { daysToExpiry } from '../auth/tls';
import type { HealthWatch } from '../health/watch';
import type { Hsm } from '../hsm/port';
import type { Latch } from '../latch';
import type { Live } from '../live';
import type { ProxyServer } from '../server';
import { choicesOf, type InForce } from './in-force';
import type { KeyCheck } from './key-check';
import type { LastReload } from './reload';

export interface StatusParts {
  readonly latch: Pick<Latch, 'state'>;
  readonly hsm: Pick<Hsm, 'state'>;
  readonly health: Pick<HealthWatch, 'verdict' | 'provenAt'>;
  readonly keys: Pick<KeyCheck, 'problems'>;
  readonly audit: Pick<Audit, 'state'>;
  readonly live: Pick<Live, 'lastMinute'>;
  readonly server: Pick<ProxyServer, 'certificate'>;
  readonly listeners: () => ProxyStatus['listeners'];
  readonly inForce: () => InForce;
  readonly lastReload: () => LastReload | null;
  readonly now: () => number;
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The key stores that are served, with what KMS is to be told of each. */
function storesOf({ serving }: InForce): ProxyStatus['stores'] {
  return [...serving.stores.values()].map(({ settings: { name, prefix, region, keys } }) => ({
    name,
    uriPath: prefix + XKS_BASE,
    region,
    keys: [...keys],
  }));
}

/** Every live credential with its age and last use, by key store. */
export function credentialsOf({ serving }: InForce): ProxyStatus['credentials'] {
  return [...serving.stores.values()].flatMap(({ settings, credentials }) =>
    credentials.usage().map((usage) => ({ store: settings.name, ...usage })),
  );
}

/** The proxy as `keyrite status` shows it. */
export function statusOf(parts: StatusParts): ProxyStatus {
  const { isWritable, problem, seq, head } = parts.audit.state;
  const certificate = parts.server.certificate();
  return {
    version: TOOL.version,
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    latch: parts.latch.state(),
    hsm: hsmOf(parts.hsm),
    listeners: parts.listeners(),
    certificate: certificate && {
      daysLeft: daysToExpiry(certificate, parts.now()),
      notAfter: new Date(certificate.expiresAt).toISOString(),
    },
    stores: storesOf(parts.inForce()),
    credentials: credentialsOf(parts.inForce()),
    health: { ...parts.health.verdict(), at: iso(parts.health.provenAt()) },
    keys: { named: choicesOf(parts.inForce().settings).length, problems: [...parts.keys.problems()] },
    audit: { isWritable, isRequired: parts.inForce().settings.audit.onFailure === 'refuse', problem, seq, head },
    lastReload: parts.lastReload(),
    requests: parts.live.lastMinute(),
  };
}

function hsmOf(hsm: Pick<Hsm, 'state'>): ProxyStatus['hsm'] {
  const { counts, ...state } = hsm.state();
  return { ...state, counts: { ...counts, encryptions: { ...counts.encryptions } } };
}
