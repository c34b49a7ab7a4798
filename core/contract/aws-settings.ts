import { z } from 'zod';

/** As whom AWS is called. A key policy with separated duties lets no principal do two of these. */
export const AWS_SEATS = ['administrator', 'operator', 'approver', 'user'] as const;

/** `administrator` makes, names, deletes; `operator` fetches sets; `approver` imports and rotates; `user` tries the key once. */
export type AwsSeat = (typeof AWS_SEATS)[number];

/** A name of the shared files of the AWS CLI; '' is the default chain. Printable, since it is shown and read aloud. */
const profile = z.string().regex(/^[\p{L}\p{N}\p{P}\p{S} ]{0,128}$/u);

/** How this station reaches AWS. No secret is in here: credentials stay where the AWS CLI keeps them. */
export const awsSettings = z.strictObject({
  /** what a rehearsal talks to; production never talks to the embedded one */
  rehearsalKms: z.enum(['embedded', 'aws']),
  /** the Region that new ceremonies suggest, e.g. eu-central-1 */
  region: z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/),
  /** an endpoint instead of AWS's own of the Region; '' for AWS's own */
  endpoint: z.string().max(2048),
  profiles: z.strictObject({ administrator: profile, operator: profile, approver: profile, user: profile }),
});

export type AwsSettings = z.infer<typeof awsSettings>;

export const DEFAULT_AWS_SETTINGS: AwsSettings = {
  rehearsalKms: 'embedded',
  region: 'eu-central-1',
  endpoint: '',
  profiles: { administrator: '', operator: '', approver: '', user: '' },
};
