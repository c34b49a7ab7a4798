import type { Profile } from '../../../core/pkcs11/profile';
import type { LibraryFacts } from '../../../core/pkcs11/start-library';
import type { Settings } from '../../settings/settings';

/** The file descriptors an HSM process inherits: 3 is Node's channel. */
export const LIFELINE_FD = 4;
export const FIRST_THREAD_FD = 5;

/** The first message to an HSM process. The only one that ever carries a PIN. */
export interface BeginMessage {
  readonly is: 'begin';
  readonly module: string;
  readonly facts: LibraryFacts;
  readonly token: { readonly label: string | null; readonly serial: string | null };
  readonly threads: number;
  readonly iv: Settings['hsm']['iv'];
  readonly mechanism: string;
  /** overwritten after the login */
  readonly pin: Uint8Array | null;
  readonly mayUseFinalTry: boolean;
  readonly epoch: number;
}

/** What an HSM process is told. It believes its parent. */
export type ToProcess =
  | BeginMessage
  /** blocks changed */
  | { readonly is: 'epoch'; readonly epoch: number }
  /** stop every operation, log out, close all sessions, end */
  | { readonly is: 'leave' }
  /** make the health key */
  | MakeKeyMessage;

export interface MakeKeyMessage {
  readonly is: 'makeKey';
  readonly label: string;
  readonly module: string;
  readonly profile: Profile;
}

/** What threads are started with. */
export interface ThreadData {
  /** the thread's own socket; null: it is spoken to by messages */
  readonly fd: number | null;
  /** true: only watches whether the parent still lives */
  readonly isLifeline: boolean;
  readonly module: string;
  readonly iv: Settings['hsm']['iv'];
  readonly mechanism: string;
  readonly flags: SharedArrayBuffer;
}
