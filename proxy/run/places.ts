import type { StartHsmProcess } from '../hsm/hsm-process';

/** What lies elsewhere in the installation, as absolute paths. */
export interface Places {
  /** the built entry of proxy/hsm/process/main.ts */
  readonly hsmProcess: string;
  /** how to start one in the desktop app; left out: a fork */
  readonly startHsmProcess?: StartHsmProcess | null;
  /** the folder `resources` */
  readonly resources: string;
}
