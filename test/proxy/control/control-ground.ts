import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProxyLive } from '../../../core/contract/proxy-live';
import type { ProxyStatus } from '../../../core/contract/proxy-status';
import { takeStateLock } from '../../../core/control/state-lock';
import { success } from '../../../core/contract/result';
import type { ControlHandlers } from '../../../proxy/control/handlers';
import { serveControl } from '../../../proxy/control/serve';
import { socketTransport } from '../../../proxy/control/socket';

export const STATUS: ProxyStatus = {
  version: '0.1.0',
  pid: 4242,
  uptimeSeconds: 93_784,
  latch: {
    killed: false,
    blocked: [],
    blocks: [],
    by: 'keyrite',
    why: 'first start',
    at: '2026-11-20T08:00:00.000Z',
    problem: '',
    restart: 'same',
  },
  hsm: {
    condition: 'serving',
    problem: '',
    loggedOut: 'no',
    sessions: { wanted: 16, ready: 16, busy: 3, hung: 0 },
    queued: 1,
    counts: { workersReplaced: 0, logins: 2, loginsRefused: 0, timeouts: 4, throttled: 5, encryptions: { 'key-1': 77 } },
    token: { label: 'prod', serial: '0123', model: 'v2', manufacturer: 'SoftHSM project' },
  },
  listeners: [{ name: 'xks', address: 'https://0.0.0.0:443' }],
  certificate: { daysLeft: 61.5, notAfter: '2027-01-23T00:00:00.000Z' },
  stores: [{ name: 'eu', uriPath: '/eu/kms/xks/v1', region: 'eu-central-1', keys: ['key-1'] }],
  credentials: [{ store: 'eu', accessKeyId: 'AKIAEXAMPLE0000000', since: '2026-11-13T12:00:00.000Z', lastUsed: null }],
  health: { state: 'ACTIVE', problem: '', at: '2026-11-23T11:59:50.000Z' },
  keys: { named: 1, problems: [] },
  audit: { isWritable: true, isRequired: true, problem: '', seq: 12, head: 'ab'.repeat(32) },
  lastReload: null,
  requests: { count: 1800, errors: 2, p50Ms: 3.2, p99Ms: 9.8 },
};

const LIVE: ProxyLive = {
  run: '2026-11-20T08:00:00.000Z',
  until: 1_795_500_000,
  seconds: [],
  outcomes: { ok: 3 },
  requests: [],
  upTo: 0,
  queued: 0,
};

/** Handlers that do nothing and remember what they were asked. */
export function quietHandlers(asked: unknown[] = []): ControlHandlers {
  return {
    status: () => STATUS,
    live: (since) => ({ ...LIVE, upTo: since }),
    kill: async (act) => {
      asked.push(['kill', act]);
      return { pid: process.pid, restart: 'same', problem: '', stopped: true, sessions: 16, recorded: true, tookMs: 1.5 };
    },
    arm: async (act) => {
      asked.push(['arm', act]);
      return success({ recorded: true, problem: '' });
    },
    block: async (key, act) => {
      asked.push(['block', key, act]);
      return success({ recorded: true, isConfigured: key === 'key-1' });
    },
    logout: async (act) => {
      asked.push(['logout', act]);
      return { recorded: true, sessions: 16, isKept: true };
    },
    unblock: async (key, act) => {
      asked.push(['unblock', key, act]);
      return success({ recorded: true, isConfigured: true });
    },
    reload: async (act) => {
      asked.push(['reload', act]);
      return success({ recorded: true, changed: ['policy file'], needsRestart: [] });
    },
    login: async (act, pin) => {
      asked.push(['login', act, pin === null ? null : Buffer.from(pin).toString()]);
      return success({ recorded: true });
    },
  };
}

const cleanUps: (() => Promise<unknown>)[] = [];

/** For afterEach. */
export async function cleanUp(): Promise<void> {
  for (const act of cleanUps.splice(0).reverse()) await act();
}

export async function stateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-state-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Served {
  readonly folder: string;
  readonly close: () => Promise<void>;
}

/** A control channel in a state folder, as a proxy in this process would serve it. */
export async function served(handlers: ControlHandlers, folder?: string): Promise<Served> {
  const place = folder ?? (await stateFolder());
  const lock = await takeStateLock(place);
  if (!lock.ok) throw new Error(lock.error.code);
  const channel = await serveControl(handlers, socketTransport(place, lock.value));
  if (!channel.ok) throw new Error(`${channel.error.code} ${JSON.stringify(channel.error.detail)}`);
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await channel.value.close();
    await lock.value.release();
  };
  cleanUps.push(close);
  return { folder: place, close };
}
