import type { ActionGroup } from '../actions';
import type { Path } from '../document';
import type { Cell, SubjectRow } from '../simulate';
import type { LintSubject, Rule, Spot } from './rule';

const LETS = ['allow', 'conditional'];

/** The first cell of a group that this policy itself lets the subject do. */
function power(row: SubjectRow, ...groups: readonly ActionGroup[]): Cell | undefined {
  return row.cells.find((cell) => groups.includes(cell.group) && LETS.includes(cell.verdict));
}

function statementPath(index: number | undefined): Path {
  return index === undefined ? [] : ['Statement', index];
}

/** Named principals that hold two powers that belong to two people. */
function twoPowers(
  { table }: LintSubject,
  first: readonly ActionGroup[],
  second: readonly ActionGroup[],
  says: (name: string, of: Cell) => string,
): readonly Spot[] {
  return table.rows
    .filter(({ subject }) => subject.kind === 'named' || subject.kind === 'caller')
    .flatMap((row) => {
      const other = power(row, ...second);
      if (power(row, ...first) === undefined || other === undefined) return [];
      return [{ at: statementPath(other.statements[0]), says: says(row.subject.name, other) }];
    });
}

const TAGGING = ['kms:TagResource', 'kms:UntagResource'];
const ALIASING = ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'];

/** Actions that change what attribute-based conditions of the policy look at. */
function attributeActions({ policy }: LintSubject): readonly string[] {
  const keys = policy.statements.flatMap(({ conditions }) => conditions.map(({ key }) => key.toLowerCase()));
  return [
    ...(keys.some((key) => key.startsWith('aws:resourcetag/')) ? TAGGING : []),
    ...(keys.some((key) => key === 'kms:resourcealiases' || key === 'kms:requestalias') ? ALIASING : []),
  ];
}

function attributeSpots(subject: LintSubject): readonly Spot[] {
  const actions = attributeActions(subject);
  const people = subject.table.rows.filter(({ subject: { kind } }) => kind === 'named' || kind === 'account');
  return people.flatMap((row) => {
    const isAdministrator = row.cells.some(({ group, verdict }) => group === 'policy' && verdict !== 'no' && verdict !== 'deny');
    const cell = row.cells.find(({ action, verdict }) => actions.includes(action) && verdict !== 'no' && verdict !== 'deny');
    if (isAdministrator || cell === undefined) return [];
    const says = `${row.subject.name} can ${cell.action.replace('kms:', '')}, and conditions here look at what it changes.`;
    return [{ at: statementPath(cell.statements[0]), says }];
  });
}

export const dutyRules: readonly Rule[] = [
  {
    id: 'KP-ADMIN-USES',
    severity: 'warning',
    title: 'who administers the key does not use it',
    why: 'One stolen session would then both read the data and cover its traces. Two people are what separation of duties means.',
    remedy: 'Remove them from one of the two statements.',
    find: (subject) =>
      twoPowers(
        subject,
        ['policy', 'delete'],
        ['use'],
        (name, { action }) => `${name} administers the key and can ${action.replace('kms:', '')} with it.`,
      ),
  },
  {
    id: 'KP-BOTH-LEGS',
    severity: 'warning',
    title: 'who fetches the wrapping key does not import',
    why: 'One person alone could then put material of their own making into the key, and no air gap would notice.',
    remedy: 'Give GetParametersForImport and ImportKeyMaterial to two principals.',
    find: (subject) =>
      twoPowers(subject, ['fetch'], ['import'], (name) => `${name} can download import parameters and import material.`),
  },
  {
    id: 'KP-ATTRIBUTES',
    severity: 'warning',
    title: 'only administrators change tags and aliases that conditions look at',
    why: 'Whoever can tag the key, or name it, decides then whether the conditions hold, and so lets themselves in.',
    remedy: 'Leave TagResource, UntagResource and the alias actions to administrators.',
    find: attributeSpots,
  },
];
