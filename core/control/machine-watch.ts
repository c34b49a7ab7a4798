import { networkInterfaces } from 'node:os';
import type { MachineEvent } from '../contract/machine-event';

/** What is looked at: a clock that can be set and one that only goes forward, in ms; addresses are null where the system tells none. */
export interface MachineReading {
  readonly wall: number;
  readonly steady: number;
  readonly addresses: readonly string[] | null;
}

interface MachineWatchParts {
  readonly onEvent: (event: MachineEvent) => void;
  /** ms; what stands still for less is busy, and what is set by less is a clock that is kept right */
  readonly toleranceMs: number;
  /** between two looks, ms */
  readonly everyMs: number;
  readonly read: () => MachineReading;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Tells by looking again and again what happened to this machine in between. What the system says of a sleep is a help and not relied
 * on: a virtual machine that is paused says nothing.
 */
export class MachineWatch {
  readonly #parts: MachineWatchParts;
  #last: MachineReading;
  #sleepsSince: number | null = null;

  constructor(parts: MachineWatchParts) {
    this.#parts = parts;
    this.#last = parts.read();
  }

  /** The system says that it goes to sleep. */
  sleeps(): void {
    this.look();
    this.#sleepsSince = this.#last.wall;
  }

  /** The system says that it woke. */
  woke(): void {
    this.look();
    if (this.#sleepsSince !== null) this.#stoodStill(this.#sleepsSince);
  }

  /** To be called every `everyMs`. */
  look(): void {
    const { read, everyMs, toleranceMs, onEvent } = this.#parts;
    const before = this.#last;
    const now = (this.#last = read());
    const steadyMs = now.steady - before.steady;
    const setByMs = now.wall - before.wall - steadyMs;
    const isLate = steadyMs - everyMs > toleranceMs;
    // The forward-only clock of Linux stands still in a sleep, those of other systems go on.
    const isAsleep = this.#sleepsSince !== null && setByMs > toleranceMs;
    if (isLate || isAsleep) this.#stoodStill(this.#sleepsSince ?? now.wall - steadyMs - Math.max(0, setByMs));
    if (!isAsleep && Math.abs(setByMs) > toleranceMs) onEvent({ what: 'clockSet', at: iso(now.wall), byMs: Math.round(setByMs) });
    this.#compare(before.addresses, now.addresses);
  }

  #stoodStill(since: number): void {
    this.#sleepsSince = null;
    this.#parts.onEvent({ what: 'stoodStill', at: iso(this.#last.wall), from: iso(since) });
  }

  #compare(before: MachineReading['addresses'], now: MachineReading['addresses']): void {
    if (before === null || now === null) return;
    const gone = before.filter((address) => !now.includes(address));
    const come = now.filter((address) => !before.includes(address));
    if (gone.length + come.length > 0) this.#parts.onEvent({ what: 'addresses', at: iso(this.#last.wall), gone, come });
  }
}

/** Addresses under which others can reach this machine. A hardened service may not be allowed to ask for them. */
function addressesHere(): readonly string[] | null {
  try {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const outward = all.filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
    return outward.map(({ address }) => address).toSorted();
  } catch {
    return null;
  }
}

export function readMachine(): MachineReading {
  return { wall: Date.now(), steady: performance.now(), addresses: addressesHere() };
}

/** Looks by itself, without keeping its process alive. @returns the watch, to be told what the system says, and its end */
export function watchMachine(parts: Omit<MachineWatchParts, 'read'>): {
  readonly watch: MachineWatch;
  readonly close: () => void;
} {
  const watch = new MachineWatch({ ...parts, read: readMachine });
  const timer = setInterval(() => watch.look(), parts.everyMs);
  timer.unref();
  return { watch, close: () => clearInterval(timer) };
}
