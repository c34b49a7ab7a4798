import { plannedSteps } from '../../ceremony/variant';
import type { Subject } from '../../ceremony/subjects';
import type { Story } from './story';

/** One step of the plan in which officers approve something by signature. */
export interface Gate {
  readonly step: string;
  readonly subject: Subject;
  readonly isSealed: boolean;
  /** people who approved what was shown last, before the step was sealed */
  readonly people: number;
  /** the events of those approvals */
  readonly approvals: readonly { readonly seq: number; readonly digest: string }[];
}

/** The gates of the plan in their order; a script names them as it likes (`plan`, `planBoth`). Empty where the script is not understood. */
export function gatesOf({ script, opened, events }: Story): Gate[] {
  const steps = script ? plannedSteps(script, opened.inputs).map(({ step }) => step) : [];
  return steps.flatMap(({ id, do: act }): Gate[] => {
    if (act.action !== 'approve') return [];
    const sealedAt = events.findLast((event) => event.type === 'stepSealed' && event.step === id)?.seq ?? null;
    const given = events
      .filter((event) => event.type === 'approved')
      .filter(({ step, seq, data }) => step === id && data.gate === act.gate && seq < (sealedAt ?? Infinity));
    const counted = given.filter(({ data }) => data.digest === given.at(-1)?.data.digest);
    return [
      {
        step: id,
        subject: act.subject,
        isSealed: sealedAt !== null,
        people: new Set(counted.map(({ data }) => data.officer)).size,
        approvals: counted.map(({ seq, data }) => ({ seq, digest: data.digest })),
      },
    ];
  });
}
