import { perStatement, type Rule } from './rule';

export const elementRules: readonly Rule[] = [
  {
    id: 'KP-INCOMPLETE',
    severity: 'error',
    title: 'every statement has Principal, Action and Resource',
    why: 'KMS takes a statement without them and never applies it: who reads it believes in a right, or a ban, that is not there.',
    remedy: 'Write what is missing. Resource is "*" in a key policy: the key itself.',
    find: ({ policy }) =>
      perStatement(policy, (statement, at) => {
        const { principal, notPrincipal, action, notAction, resource, notResource } = statement;
        const missing = [
          ...((principal ?? notPrincipal) ? [] : ['Principal']),
          ...((action ?? notAction) ? [] : ['Action']),
          ...((resource ?? notResource) ? [] : ['Resource']),
        ];
        return missing.length === 0 ? [] : [{ at, says: `The statement has no ${missing.join(' and no ')}.` }];
      }),
  },
  {
    id: 'KP-RESOURCE',
    severity: 'warning',
    title: 'Resource is "*"',
    why: 'In a key policy "*" is the key the policy is attached to. An ARN matches only while it is exactly this key’s, and not a replica’s.',
    remedy: 'Write "Resource": "*".',
    find: ({ policy }) =>
      perStatement(policy, ({ resource, notResource }, at) => {
        if (notResource) return [{ at: [...at, 'NotResource'], says: 'NotResource leaves out the only resource there is.' }];
        const other = resource?.findIndex((value) => value !== '*') ?? -1;
        return other < 0 ? [] : [{ at: [...at, 'Resource', other], says: `Resource is ${resource?.[other] ?? ''}.` }];
      }),
  },
  {
    id: 'KP-NOT-ACTION',
    severity: 'error',
    title: 'no NotAction',
    why: 'NotAction means every other action, those that do not exist yet included. Nobody can review what a statement will mean.',
    remedy: 'List the actions that are meant under Action.',
    find: ({ policy }) =>
      perStatement(policy, ({ effect, notAction }, at) =>
        notAction
          ? [
              {
                at: [...at, 'NotAction'],
                says: `${effect === 'Allow' ? 'Allows' : 'Denies'} everything but ${notAction.join(', ')}.`,
              },
            ]
          : [],
      ),
  },
];
