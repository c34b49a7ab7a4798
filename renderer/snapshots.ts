import { useSyncExternalStore } from 'react';
import type { BridgeEvents } from '../core/contract/bridge';
import type { Result } from '../core/contract/result';
import { bridge } from './bridge-client';

/** undefined: not asked yet */
type Snapshots = { [E in keyof BridgeEvents]: BridgeEvents[E] | undefined };

const snapshots: Snapshots = {
  'ceremony.changed': undefined,
  'settings.changed': undefined,
  'officers.changed': undefined,
  'proxy.changed': undefined,
};
const listeners = new Set<() => void>();

/** Takes a snapshot in, whether main pushed it or answered a call with it: the newest wins. */
export function receive<E extends keyof BridgeEvents>(event: E, value: Snapshots[E]): void {
  snapshots[event] = value;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function first<E extends keyof BridgeEvents>(event: E, ask: () => Promise<Result<BridgeEvents[E]>>): Promise<void> {
  const answer = await ask();
  // A push that overtook the answer is newer than it.
  if (answer.ok && snapshots[event] === undefined) receive(event, answer.value);
}

/** Subscribes to the pushes first and asks for today's values second, so that no change falls between. */
export function openSnapshots(): void {
  window.keyrite.on('ceremony.changed', (value) => receive('ceremony.changed', value));
  window.keyrite.on('settings.changed', (value) => receive('settings.changed', value));
  window.keyrite.on('officers.changed', (value) => receive('officers.changed', value));
  window.keyrite.on('proxy.changed', (value) => receive('proxy.changed', value));
  void first('ceremony.changed', () => bridge.ceremony.current());
  void first('settings.changed', () => bridge.settings.get());
  void first('officers.changed', () => bridge.officers.list());
  void first('proxy.changed', () => bridge.proxy.get());
}

function useSnapshot<E extends keyof BridgeEvents>(event: E): Snapshots[E] {
  return useSyncExternalStore(subscribe, () => snapshots[event]);
}

/** The ceremony on the stage; null where there is none, undefined until main has answered. */
export const useCeremony = (): Snapshots['ceremony.changed'] => useSnapshot('ceremony.changed');
export const useSettings = (): Snapshots['settings.changed'] => useSnapshot('settings.changed');
/** This station's proxy; undefined until main has answered. */
export const useProxy = (): Snapshots['proxy.changed'] => useSnapshot('proxy.changed');
export const useOfficers = (): Snapshots['officers.changed'] => useSnapshot('officers.changed');
