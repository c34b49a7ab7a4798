import { no, yes, type Answer } from './refusal';

/** Request quotas that a ceremony can reach, per account and Region: milliseconds between two calls (KMS Developer Guide, "Request quotas"). */
const INTERVAL_MS: Readonly<Record<string, number>> = { GetParametersForImport: 4_000 };

export const THROTTLED = no(
  'ThrottlingException',
  'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
);

/** Lets a call through or answers ThrottlingException; one that is refused does not count. */
export interface Throttle {
  admit(operation: string, region: string, now: number): Answer<null>;
}

export function newThrottle(): Throttle {
  const last = new Map<string, number>();
  return {
    admit: (operation, region, now) => {
      const interval = INTERVAL_MS[operation];
      if (interval === undefined) return yes(null);
      const name = `${operation} ${region}`;
      const before = last.get(name);
      if (before !== undefined && now - before < interval) return THROTTLED;
      last.set(name, now);
      return yes(null);
    },
  };
}
