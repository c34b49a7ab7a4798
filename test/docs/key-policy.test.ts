import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ACTION_GROUPS, KEY_ACTIONS } from '../../core/policy/actions';
import { RULES } from '../../core/policy/lint';
import { policyFromForm } from '../../core/policy/template';
import { EXAMPLES } from '../core/policy/examples';
import { FORM } from '../core/policy/samples';

const guide = await readFile(new URL('../../docs/key-policy.md', import.meta.url), 'utf8');

/** Cells of the table rows that begin with something in backticks. */
function rows(section: string): readonly (readonly string[])[] {
  const text = guide.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^\| (`.+) \|$/gm)].map(([, row = '']) => row.split(' | '));
}

describe('docs/key-policy.md', () => {
  it('lists exactly the rules of the lint, in their order, with what they say', () => {
    const expected = RULES.map(({ id, severity, title, why, remedy }) => [`\`${id}\``, severity, title, why, remedy]);
    expect(rows('Rules')).toEqual(expected);
  });

  it('lists exactly the groups of actions', () => {
    expect(rows('Reading the table').map(([group = '', actions = '']) => [group.replaceAll('`', ''), actions])).toEqual(
      ACTION_GROUPS.map((group) => [group, KEY_ACTIONS[group].join(', ')]),
    );
  });

  it('explains every statement the template can make', () => {
    const forms = [FORM, ...Object.values(EXAMPLES)];
    const sids = forms.flatMap((form) => {
      const made = policyFromForm(form);
      return made.ok ? made.policy.statements.map(({ sid }) => sid ?? '') : [];
    });
    expect(
      rows('The template')
        .map(([sid = '']) => sid.replaceAll('`', ''))
        .toSorted(),
    ).toEqual([...new Set(sids)].toSorted());
  });

  it('names every example', () => {
    for (const name of Object.keys(EXAMPLES)) expect(guide).toContain(`\`${name}\``);
  });
});
