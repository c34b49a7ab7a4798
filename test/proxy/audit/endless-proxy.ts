import { openAudit } from '../../../proxy/audit/audit';
import { record } from './ground';

// A child process for the kill test: records requests without end, eight at a time, and prints the id of each that is written.
const opened = await openAudit(
  { folder: process.argv[2] ?? '', onFailure: 'refuse', fileBytes: 20_000, sync: 'second' },
  { now: Date.now },
);
if (!opened.ok) throw new Error(opened.error.code);
let n = 0;
const caller = async (): Promise<never> => {
  for (;;) {
    const id = `${process.pid}-${n++}`;
    if (!(await opened.value.request(record(id)))) throw new Error('A line was not written.');
    process.stdout.write(`${id}\n`);
  }
};
await Promise.all(Array.from({ length: 8 }, caller));
