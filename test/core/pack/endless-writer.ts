import { createJournal } from '../../../core/pack/journal';
import { opening, SampleTranscript, sampleOfficers } from '../evidence/sample-transcript';

// A child process for the kill test: appends without end and prints the number of each event once it is acknowledged.
const opened = await createJournal(process.argv[2] ?? '', '');
if (!opened.ok) throw new Error(opened.error.code);
const transcript = new SampleTranscript();
for (let n = 0; ; n++) {
  const event =
    n === 0
      ? transcript.add('opened', opening(sampleOfficers()))
      : transcript.add('ticked', { item: n % 20, text: 'x'.repeat(3000) });
  const done = await opened.value.journal.append(event);
  if (!done.ok) throw new Error(done.error.code);
  process.stdout.write(`${n}\n`);
}
