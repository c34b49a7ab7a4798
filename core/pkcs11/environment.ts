/** What a process needs to find its libraries, its home and a place for temporary files. */
const ALWAYS = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP', 'LANG', 'TZ'] as const;

/**
 * The environment of a token child: a short list, the variables the profile names, and `extra` (the embedded token's SOFTHSM2_CONF).
 * LD_PRELOAD and its kind are not passed on: they would run in the process that sees PINs.
 */
export function childEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const passed = [...ALWAYS, ...names].flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]] as const]));
  return { ...Object.fromEntries(passed), ...extra };
}
