import { located, type LintFinding } from './lint-finding';
import { KNOWN_PLACES, places } from './fill';
import { SECTIONS, type Script, type Step } from './script';
import { allSeats, defaultInputs, minutesOf, plannedSteps, seatsInStep, seatsOf } from './variant';
import { chains } from './lint-chains';

/** Everything wrong with a well-formed script, in document order. Empty: every variant of it can run to its end. */
export function lint(script: Script): LintFinding[] {
  return [
    ...stepIds(script),
    ...roles(script),
    ...approvals(script),
    ...inputs(script),
    ...sections(script),
    ...texts(script),
    ...estimate(script),
    ...chains(script),
  ];
}

function stepIds(script: Script): LintFinding[] {
  const seen = new Set<string>();
  return located(script).flatMap(({ step, at }) => {
    const twice = seen.has(step.id);
    seen.add(step.id);
    return twice
      ? [
          {
            at: [...at, 'id'],
            problem: `Step ${step.id} stands twice.`,
            remedy: 'Give each step a number of its own; screen, paper and report go by it.',
          },
        ]
      : [];
  });
}

function roles(script: Script): LintFinding[] {
  const seats = new Set(allSeats(script).map(({ seat }) => seat));
  const found: LintFinding[] = [];
  for (const { step, at } of located(script)) {
    for (const seat of seatsInStep(step).filter((name) => !seats.has(name))) {
      found.push({
        at: [...at, 'seat'],
        problem: `Step ${step.id} speaks of ${seat}, which is no seat of this script.`,
        remedy: `Use one of ${[...seats].join(', ')}.`,
      });
    }
    if (step.do.action === 'enterTwice' && step.do.second === step.seat) {
      found.push({
        at: [...at, 'do'],
        problem: `Step ${step.id} lets ${step.seat} make both entries.`,
        remedy: 'Let another person make the second entry.',
      });
    }
    if (step.do.action === 'compare' && step.do.reader === step.do.checker) {
      found.push({
        at: [...at, 'do'],
        problem: `Step ${step.id} lets ${step.do.reader} check their own reading.`,
        remedy: 'Let one person read and another check.',
      });
    }
  }
  for (const [role, { conflicts }] of Object.entries(script.roles)) {
    for (const other of conflicts.filter((name) => !(name in script.roles))) {
      found.push({
        at: ['roles', role, 'conflicts'],
        problem: `Role ${role} conflicts with ${other}, which is no role of this script.`,
        remedy: 'Name a role of this script.',
      });
    }
  }
  return found;
}

function approvals(script: Script): LintFinding[] {
  const found: LintFinding[] = [];
  for (const [gate, { of, quorum }] of Object.entries(script.approvals)) {
    const people = of.flatMap((role) => seatsOf(script, role)).length;
    if (of.some((role) => !(role in script.roles))) {
      found.push({
        at: ['approvals', gate, 'of'],
        problem: `Approval "${gate}" is asked of a role that does not exist.`,
        remedy: 'Name roles of this script.',
      });
    } else if (quorum > people) {
      found.push({
        at: ['approvals', gate, 'quorum'],
        problem: `Approval "${gate}" wants ${quorum} of ${people} people.`,
        remedy: `Ask for at most ${people}.`,
      });
    }
  }
  for (const { step, at } of located(script)) {
    if (step.do.action === 'approve' && !(step.do.gate in script.approvals)) {
      found.push({
        at: [...at, 'do', 'gate'],
        problem: `Step ${step.id} asks for approval "${step.do.gate}", which is not defined.`,
        remedy: 'Define it under approvals: who, and how many of them.',
      });
    }
  }
  return found;
}

function inputs(script: Script): LintFinding[] {
  const found: LintFinding[] = [];
  for (const [name, input] of Object.entries(script.inputs)) {
    const at = ['inputs', name];
    if ((input.options === undefined) === (input.pattern === undefined)) {
      found.push({
        at,
        problem: `Input "${name}" needs either options or a pattern.`,
        remedy: 'Offer options where you can; a pattern where you cannot.',
      });
    } else if (input.options && !(input.default in input.options)) {
      found.push({
        at: [...at, 'default'],
        problem: `The default of "${name}" is none of its options.`,
        remedy: `Use one of ${Object.keys(input.options).join(', ')}.`,
      });
    }
    if (input.pattern !== undefined && !isPattern(input.pattern)) {
      found.push({
        at: [...at, 'pattern'],
        problem: `The pattern of "${name}" is no regular expression.`,
        remedy: 'Write it as JavaScript reads it, anchored with ^ and $.',
      });
    }
  }
  for (const { step, at } of located(script)) {
    const unknown = step.when.some(({ input, is }) => {
      const known = script.inputs[input]?.options;
      return !known || is.some((value) => !(value in known));
    });
    if (unknown) {
      found.push({
        at: [...at, 'when'],
        problem: `Step ${step.id} depends on an input or a value that does not exist.`,
        remedy: 'Name an input with options, and values among them.',
      });
    }
    if (step.do.action === 'enterTwice' && !isPattern(step.do.pattern)) {
      found.push({
        at: [...at, 'do', 'pattern'],
        problem: `The pattern of step ${step.id} is no regular expression.`,
        remedy: 'Write it as JavaScript reads it, anchored with ^ and $.',
      });
    }
  }
  return found;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source).source.startsWith('^') && source.endsWith('$');
  } catch {
    return false;
  }
}

function sections(script: Script): LintFinding[] {
  const byId = new Map(located(script).map(({ step }) => [step.id, step]));
  const must: Partial<Record<(typeof SECTIONS)[number], Step['do']['action']>> = {
    roles: 'attendance',
    approval: 'approve',
    signOff: 'signOff',
  };
  return SECTIONS.flatMap((name) => {
    const at = ['sections', name];
    const missing = script.sections[name].filter((id) => !byId.has(id));
    if (missing.length > 0)
      return [
        {
          at,
          problem: `Section "${name}" points to step ${missing.join(', ')}, which does not exist.`,
          remedy: 'Point to steps of this script.',
        },
      ];
    const action = must[name];
    if (action === undefined || script.sections[name].some((id) => byId.get(id)?.do.action === action)) return [];
    return [
      {
        at,
        problem: `Section "${name}" points to no step that does "${action}".`,
        remedy: `An auditor expects one: add a step with action ${action}.`,
      },
    ];
  });
}

function texts(script: Script): LintFinding[] {
  const entries = located(script).flatMap(({ step }) => (step.do.action === 'enterTwice' ? [step.do.name] : []));
  const known = new Set<string>([...KNOWN_PLACES, ...Object.keys(script.inputs), ...entries]);
  return located(script).flatMap(({ step, at }) => {
    const words = [step.read ?? '', step.help, step.do.action === 'enterTwice' ? (step.do.equals ?? '') : ''].join(' ');
    const unknown = places(words).filter((name) => !known.has(name));
    return unknown.length === 0
      ? []
      : [
          {
            at,
            problem: `Step ${step.id} uses {${unknown.join('}, {')}}, which nothing fills.`,
            remedy: `Known: ${[...known].join(', ')}.`,
          },
        ];
  });
}

function estimate(script: Script): LintFinding[] {
  const sum = minutesOf(plannedSteps(script, defaultInputs(script)));
  return sum === script.estimate
    ? []
    : [
        {
          at: ['estimate'],
          problem: `The estimate says ${script.estimate} minutes; the steps of the default variant add up to ${sum}.`,
          remedy: `Write ${sum}, or correct the steps.`,
        },
      ];
}
