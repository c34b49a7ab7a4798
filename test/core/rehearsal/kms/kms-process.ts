import { startRehearsalKms } from '../../../../core/rehearsal/kms/start';

// A child process for the kill test: a rehearsal KMS that says where it is.
const started = await startRehearsalKms({ folder: process.argv[2] ?? '', regions: ['eu-central-1'] });
if (!started.ok) throw new Error(started.error.code);
process.stdout.write(
  `${JSON.stringify({ url: started.value.endpoint('eu-central-1'), credentials: started.value.credentials })}\n`,
);
