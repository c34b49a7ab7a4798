/** What lies elsewhere in the installation, as absolute paths. */
export interface Places {
  /** the built entry of proxy/hsm/process/main.ts */
  readonly hsmProcess: string;
  /** the folder `resources` */
  readonly resources: string;
}
