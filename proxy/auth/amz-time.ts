const FORM = /^\d{8}T\d{6}Z$/;

/** x-amz-date (`YYYYMMDD'T'hhmmss'Z'`) in epoch ms; null when it is no such time, or one that does not exist, like 30 February. */
export function amzTimeMs(text: string): number | null {
  if (!FORM.test(text)) return null;
  const [month, day] = [part(text, 4) - 1, part(text, 6)];
  const [hour, minute, second] = [part(text, 9), part(text, 11), part(text, 13)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const at = new Date(Date.UTC(Number(text.slice(0, 4)), month, day, hour, minute, second));
  // Date.UTC takes 30 February for 1 or 2 March.
  return at.getUTCMonth() === month && at.getUTCDate() === day ? at.getTime() : null;
}

/** two digits */
function part(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** `YYYYMMDD` */
export function dayOf(amzTime: string): string {
  return amzTime.slice(0, 8);
}
