import { describe, expect, it } from 'vitest';
import { failure, success } from '../../../core/contract/result';
import type { ConnectionState, KeyStore } from '../../../core/kms/key-store';
import { untilConnection, type ConnectionLook } from '../../../core/kms/until-connection';
import { STORE_ID } from './every-call';
import { quickRim } from './stand-in';

const PATIENCE = { everyMs: 1_000, withinMs: 60_000 };

function store(connectionState: ConnectionState, connectionErrorCode: string | null = null): KeyStore {
  return {
    storeId: STORE_ID,
    name: 'payments',
    connectionState,
    connectionErrorCode,
    createdAt: null,
    connectivity: 'PUBLIC_ENDPOINT',
    uriEndpoint: 'https://xks.example.com',
    uriPath: '/kms/xks/v1',
    vpcServiceName: null,
    vpcServiceOwner: null,
    accessKeyId: 'ABCDEFGHIJKLMNOPQRST',
  };
}

const answered = (value: KeyStore | null) => success({ value, requestId: 'r', at: '' });

/** A port that shows these, one after the other; the last for ever. */
function showing(...seen: readonly (ConnectionState | KeyStore | ReturnType<typeof failure> | null)[]) {
  let looks = 0;
  return {
    keyStore: async () => {
      const one = seen[Math.min(looks++, seen.length - 1)] ?? null;
      if (typeof one === 'string') return answered(store(one));
      return one !== null && 'ok' in one ? one : answered(one);
    },
  };
}

const ended = (port: ReturnType<typeof showing>, more: Partial<Parameters<typeof untilConnection>[2]> = {}) =>
  untilConnection(port, STORE_ID, { ...PATIENCE, ...more }, quickRim());

describe('waiting for a connection', () => {
  it('ends when the store is connected, and tells each look', async () => {
    const looks: ConnectionLook[] = [];
    const port = showing('DISCONNECTED', 'CONNECTING', 'CONNECTING', 'CONNECTED');
    const answer = await ended(port, { onLook: (look) => void looks.push(look) });
    expect(answer).toMatchObject({ ok: true, value: { value: { isSettled: true, looks: 4 } } });
    expect(looks.map(({ store: seen, elapsedMs }) => [seen?.connectionState, elapsedMs])).toEqual([
      ['DISCONNECTED', 0],
      ['CONNECTING', 1_000],
      ['CONNECTING', 2_000],
      ['CONNECTED', 3_000],
    ]);
  });

  it('ends with the code of a connection that failed', async () => {
    const failed = store('FAILED', 'XKS_PROXY_TIMED_OUT');
    expect(await ended(showing('CONNECTING', failed))).toMatchObject({
      ok: true,
      value: { value: { isSettled: true, store: { connectionErrorCode: 'XKS_PROXY_TIMED_OUT' } } },
    });
  });

  it('does not take what was before for the end, and does not look for ever at what does not move', async () => {
    expect(await ended(showing('FAILED', 'FAILED', 'DISCONNECTED'), { wanted: 'DISCONNECTED' })).toMatchObject({
      value: { value: { isSettled: true, looks: 3, store: { connectionState: 'DISCONNECTED' } } },
    });
    expect(await ended(showing('DISCONNECTED'))).toMatchObject({
      value: { value: { isSettled: true, looks: 4, store: { connectionState: 'DISCONNECTED' } } },
    });
  });

  it('says when patience ended first', async () => {
    expect(await ended(showing('CONNECTING'))).toMatchObject({ value: { value: { isSettled: false, looks: 61 } } });
  });

  it('bears with looks that fail for reasons that pass, and with no other', async () => {
    const looks: ConnectionLook[] = [];
    const port = showing('CONNECTING', failure('aws.unreachable'), failure('aws.throttled'), 'CONNECTED');
    expect(await ended(port, { onLook: (look) => void looks.push(look) })).toMatchObject({
      value: { value: { isSettled: true, looks: 4 } },
    });
    expect(looks[1]).toMatchObject({ store: null, failure: { code: 'aws.unreachable' } });
    expect(await ended(showing('CONNECTING', failure('aws.accessDenied')))).toMatchObject({
      ok: false,
      error: { code: 'aws.accessDenied', detail: { looks: 2 } },
    });
    expect(await ended(showing(failure('aws.unreachable')))).toMatchObject({ ok: false, error: { code: 'aws.unreachable' } });
  });

  it('ends where there is no such store', async () => {
    expect(await ended(showing('CONNECTING', null))).toMatchObject({ ok: false, error: { code: 'aws.storeNotFound' } });
  });

  it('is cancelled between two looks', async () => {
    const patience = new AbortController();
    const rim = { ...quickRim(), delay: async () => patience.abort() };
    const answer = await untilConnection(showing('CONNECTING'), STORE_ID, { ...PATIENCE, signal: patience.signal }, rim);
    expect(answer).toMatchObject({ ok: false, error: { code: 'input.cancelled' } });
  });
});
