/** Flat, lower-case, no separators and no leading dot: a name that can never leave the folder `artefacts/`. */
export const ARTEFACT_NAME = /^[a-z0-9][a-z0-9.-]{0,80}$/;

/** A file of the pack as an event refers to it. `size` in bytes. */
export interface ArtefactReference {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}
