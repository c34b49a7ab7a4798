import { describe, expect, test } from 'vitest';
import { groupInputs, isFixed } from '../../../../renderer/screens/start/input-groups';
import { draftOf, forbidden, missingIn, unfilled } from '../../../../renderer/screens/start/draft';
import type { CeremonyChoice } from '../../../../core/contract/values';
import { byokChoice, choices, destroyChoice } from '../../fixtures/answers';

const names = (choice: CeremonyChoice) =>
  groupInputs(choice.inputs).map(({ group, inputs }) => [group, inputs.map(({ name }) => name)] as const);

describe('the inputs of a long form', () => {
  test('stand in groups, each once, and what is fixed is not asked', () => {
    const groups = names(byokChoice);
    expect(groups.map(([group]) => group)).toEqual(['ceremony', 'key', 'wrapping', 'aws']);
    const asked = groups.flatMap(([, inputs]) => inputs);
    expect(new Set(asked).size).toBe(asked.length);
    const fixed = byokChoice.inputs.filter(isFixed).map(({ name }) => name);
    expect(fixed).toEqual(['purpose', 'importAs']);
    expect([...asked, ...fixed].toSorted()).toEqual(byokChoice.inputs.map(({ name }) => name).toSorted());
  });

  test('of a short form stand together, without a heading', () => {
    expect(names(choices[0]!)).toEqual([[null, ['keySpec', 'tokenState', 'keyLabel']]]);
  });

  test('without a usable default are empty, and named until they are filled in', () => {
    const draft = draftOf(destroyChoice);
    expect(draft.inputs).toMatchObject({ ckaId: '', kmsKeyArn: '' });
    expect(unfilled(destroyChoice, draft.inputs)).toEqual([
      'Written authorisation',
      'CKA_ID of the key',
      'Check value',
      'ARN of the KMS key',
    ]);
    expect(missingIn(destroyChoice, draft, [])).toBe('inputs');
  });

  test('that are never offered together in one run mode say why in that mode only', () => {
    const draft = draftOf(byokChoice);
    expect(draft.inputs['leg']).toBe('both');
    expect(forbidden(byokChoice, draft)).toBeNull();
    expect(forbidden(byokChoice, { ...draft, runMode: 'production' })).toMatch(/its own station/u);
  });
});
