const FORM = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** x-amz-date (`YYYYMMDD'T'hhmmss'Z'`) in epoch ms; null when it is no such time, or one that does not exist, like 30 February. */
export function amzTimeMs(text: string): number | null {
  const [, year, month, day, hour, minute, second] = FORM.exec(text) ?? [];
  if (second === undefined) return null;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const at = Date.parse(iso);
  // Date.parse takes 30 February for 2 March.
  return !Number.isNaN(at) && new Date(at).toISOString() === iso ? at : null;
}

/** `YYYYMMDD` */
export function dayOf(amzTime: string): string {
  return amzTime.slice(0, 8);
}
