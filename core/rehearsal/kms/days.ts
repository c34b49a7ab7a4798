const DAY_MS = 86_400_000;

export function daysMs(days: number): number {
  return days * DAY_MS;
}
