import { openHsm } from '../../proxy/hsm/pool';
import type { HsmOptions } from '../../proxy/hsm/options';

/** A proxy's HSM side on its own, to be killed by the test. Prints the processes it starts; `options` come as JSON in the first argument. */
const options = JSON.parse(process.argv[2] ?? '') as Omit<HsmOptions, 'pin' | 'pinChangedAt' | 'now' | 'onEvent'>;

const hsm = openHsm(
  {
    ...options,
    pin: () => new TextEncoder().encode('10203040'),
    pinChangedAt: () => null,
    now: () => Date.now(),
    onEvent: ({ what, pid }) => process.stdout.write(`${what} ${pid}\n`),
  },
  { mayUse: () => null },
);

// Something is always under way when the end comes.
const order = { key: { label: 'nile', current: null, legacy: null }, plaintext: Buffer.alloc(32), aad: null, wantsCdiv: true };
for (;;) await hsm.encrypt(order);
