import { verb } from '../../../core/cli/kill';

// A child process for the test of root: becoming another user is for a whole process and for good.
process.exitCode = await verb.run({
  values: { state: process.argv[2] ?? '' },
  positionals: [],
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: false,
  signal: new AbortController().signal,
});
