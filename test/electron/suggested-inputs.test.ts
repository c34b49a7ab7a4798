import { expect, it } from 'vitest';
import { DEFAULT_AWS_SETTINGS } from '../../core/contract/aws-settings';
import { PRACTICE_INPUTS } from '../../core/rehearsal/practice';
import { suggestedInputs } from '../../electron/suggested-inputs';

it('a practice station suggests what its token and its KMS can do', () => {
  expect(suggestedInputs({ embeddedToken: true, aws: DEFAULT_AWS_SETTINGS })).toEqual({
    ...PRACTICE_INPUTS,
    awsRegion: 'eu-central-1',
  });
});

it('with AWS itself no account is suggested, and with a real token no wrapping', () => {
  const aws = { ...DEFAULT_AWS_SETTINGS, rehearsalKms: 'aws', region: 'eu-west-1' } as const;
  expect(suggestedInputs({ embeddedToken: false, aws })).toEqual({ awsRegion: 'eu-west-1' });
});
