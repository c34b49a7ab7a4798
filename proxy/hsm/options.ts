import type { Profile } from '../../core/pkcs11/profile';
import type { Settings } from '../settings/settings';
import type { StartHsmProcess } from './hsm-process';

/** What the HSM side needs to start. Times in milliseconds. */
export interface HsmOptions {
  /** the built entry of proxy/hsm/process/main.ts (`hsm-process`) */
  readonly processEntry: string;
  /** how to start one where Node cannot fork itself, in the desktop app; null: a fork of `processEntry` */
  readonly startProcess?: StartHsmProcess | null;
  /** absolute path of the PKCS#11 module */
  readonly module: string;
  /** null: none; then a module gets no library parameters, and a health key every attribute of the policy */
  readonly profile: Profile | null;
  /** both null: the only token there is */
  readonly token: { readonly label: string | null; readonly serial: string | null };
  /**
   * Who makes the IVs. `caller`: we draw them from the token's RNG. The others: the token does, and puts them before or after the
   * ciphertext, or (`hidden`) writes them into the parameter it was given.
   */
  readonly iv: Settings['hsm']['iv'];
  /** a PKCS#11 name, `CKM_AES_GCM` unless the profile says otherwise */
  readonly mechanism: string;
  readonly pool: Settings['pool'];
  readonly legacyMetadata: Uint8Array | null;
  /** label of the health key */
  readonly healthKey: string;
  /** all that the HSM processes get: see core/pkcs11/environment */
  readonly environment: Readonly<Record<string, string>>;
  /** A copy of the PIN, asked for at each login and overwritten after it; null: the token asks for it itself. */
  readonly pin: () => Uint8Array | null;
  /** when the source of the PIN last changed, in milliseconds since 1970; a refusal counts until that is another time. null: not known */
  readonly pinChangedAt: () => number | null;
  /** ours alone; the marker `login-refused.json` lives here */
  readonly stateFolder: string;
  /** true: nothing starts or logs in until `arm` */
  readonly isKilled: boolean;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** what happens to the processes, for the log; never a secret */
  readonly onEvent: (event: HsmEvent) => void;
}

/** Something that happened to an HSM process. `why` is a CKR name or a few words. */
export interface HsmEvent {
  readonly what: 'started' | 'ready' | 'startFailed' | 'condemned' | 'ended' | 'hung' | 'loginRefused' | 'killed';
  readonly pid: number;
  readonly why: string;
}
