/** Thrown ahead of a C_ call: the proxy was killed, or a key was blocked since the order was judged. */
export class Stopped extends Error {}

const KILLED = 0;
const EPOCH = 1;

/** What the main thread of an HSM process tells its threads while they are busy: shared memory, because they never look at messages. */
export interface Flags {
  readonly shared: SharedArrayBuffer;
  readonly kill: () => void;
  /** A number that grows with each change of blocks; what came later is the higher one. */
  readonly setEpoch: (epoch: number) => void;
  /** @throws Stopped for an order judged before the last change */
  readonly check: (orderEpoch: number) => void;
}

export function makeFlags(shared: SharedArrayBuffer = new SharedArrayBuffer(8)): Flags {
  const words = new Uint32Array(shared);
  return {
    shared,
    kill: () => void Atomics.store(words, KILLED, 1),
    setEpoch: (epoch) => void Atomics.store(words, EPOCH, epoch),
    check: (orderEpoch) => {
      if (Atomics.load(words, KILLED) !== 0 || Atomics.load(words, EPOCH) > orderEpoch) throw new Stopped();
    },
  };
}
