import { openLatch } from '../../../proxy/latch';

// A child process for the crash test: kills and arms without end. It says what it is about to do and what was acknowledged.
const latch = await openLatch(process.argv[2] ?? '', { hasHistory: true, now: Date.now });
const say = (line: string) => process.stdout.write(`${line}\n`);
for (let n = 0; ; n++) {
  const act = { who: 'crash test', why: `round ${n} ${'x'.repeat(n % 150)}` };
  say('killing');
  if (!(await latch.kill(act)).ok) throw new Error('the kill was not written');
  say('killed');
  if (n % 3 === 0) await latch.block(`key-${n % 9}`, act);
  say('arming');
  if (!(await latch.arm(act)).ok) throw new Error('it was not armed');
  say('armed');
}
