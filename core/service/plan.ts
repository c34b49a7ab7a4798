/** What a login service runs, and how its files are told from those of others. Paths are absolute. */
export interface ServicePlan {
  /** the Node program */
  readonly node: string;
  /** the built terminal, `keyrite.js` */
  readonly program: string;
  /** the proxy's settings */
  readonly config: string;
  /** what the HSM's library reads: SOFTHSM2_CONF, ChrystokiConfigurationPath */
  readonly environment: Readonly<Record<string, string>>;
}

/** In every file of ours. A file without it belongs to somebody else and is not touched. */
export const MARK = 'keyrite-service v1';

/** Name of the unit, end of the launchd label, name of the task. */
export const SERVICE_NAME = 'keyrite-proxy';

/** The command, word by word. */
export function commandOf({ node, program, config }: ServicePlan): readonly string[] {
  return [node, program, 'proxy', '--config', config];
}

/** A line break or a NUL in a path would end the line or the text it is written into. */
const CONTROL = /[\p{Cc}\p{Cs}]/u;

/** '' or what cannot be written into a service file. */
export function unwritable(plan: ServicePlan): string {
  const words = [...commandOf(plan), ...Object.entries(plan.environment).flat()];
  const bad = words.find((word) => CONTROL.test(word));
  return bad === undefined ? '' : `${JSON.stringify(bad)} holds a control character, which no service file can hold.`;
}
