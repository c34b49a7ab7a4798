import { describe, expect, it } from 'vitest';
import { draftFrom } from '../../../../renderer/screens/start/draft-from';
import { draftOf } from '../../../../renderer/screens/start/draft';
import { choices } from '../../fixtures/answers';

const choice = choices[0]!;

describe('a draft that another screen began', () => {
  it('has the script and the inputs that were given, and the script’s own defaults for the rest', () => {
    const draft = draftFrom(choices, { script: choice.script, keySpec: 'RSA_4096', runMode: 'production' });
    expect(draft).toEqual({
      ...draftOf(choice),
      runMode: 'production',
      inputs: { ...draftOf(choice).inputs, keySpec: 'RSA_4096' },
    });
  });

  it('leaves out what the script does not ask for and what it does not take', () => {
    const given = { script: choice.script, keySpec: 'DES', keyLabel: '../etc', seats: 'CA', typed: 'PRODUCTION', runMode: 'x' };
    expect(draftFrom(choices, given)).toEqual(draftOf(choice));
  });

  it('is none where no script is named, or one that is not here', () => {
    expect(draftFrom(choices, {})).toBeNull();
    expect(draftFrom(choices, { script: 'byok-later' })).toBeNull();
    expect(draftFrom([], { script: choice.script })).toBeNull();
  });
});
