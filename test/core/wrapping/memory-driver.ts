import { readFileSync } from 'node:fs';
import { writeHeapSnapshot } from 'node:v8';
import { runJob } from '../../../core/wrapping/child/run-job';
import { forkWrapChild } from '../../../core/wrapping/fork';
import type { WrapJob } from '../../../core/wrapping/messages';
import { wrapInSoftware } from '../../../core/wrapping/wrap-in-software';

/** A process whose memory a test looks at once the work is done: as the child does it, as the parent does it, or careless. */
interface Order {
  readonly role: 'child' | 'parent' | 'careless';
  readonly job: WrapJob;
  readonly wrapChild: string;
  readonly snapshot: string;
}

const kept: unknown[] = [];

async function work({ role, job, wrapChild }: Order): Promise<boolean> {
  if (role === 'child') return (await runJob(job)).ok;
  if (role === 'parent') return (await wrapInSoftware(() => forkWrapChild(wrapChild), job)).ok;
  const bytes = readFileSync(job.source.from === 'file' ? job.source.path : '');
  kept.push(bytes, bytes.toString('hex'), bytes.toString('latin1'));
  return true;
}

const answered = () => new Promise<void>((resolve) => process.once('message', () => resolve()));
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Tells the test and waits: it looks at the memory of this process meanwhile. */
async function pause(at: 'worked' | 'collected' | 'written', ok: boolean): Promise<void> {
  const goOn = answered();
  process.send?.({ at, ok });
  await goOn;
}

async function run(order: Order): Promise<void> {
  const ok = await work(order);
  await pause('worked', ok);
  // Twice and a turn apart: what native objects hold is given back by finalizers that the first collection only schedules.
  globalThis.gc?.();
  await turn();
  globalThis.gc?.();
  await pause('collected', globalThis.gc !== undefined);
  writeHeapSnapshot(order.snapshot);
  await pause('written', true);
}

process.once('message', (order: Order) => void run(order));
process.on('disconnect', () => process.exit(0));
