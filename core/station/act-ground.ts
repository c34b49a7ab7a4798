import { join } from 'node:path';
import type { CeremonyState } from '../ceremony/state';
import { plannedSteps } from '../ceremony/variant';
import type { VerbName } from '../ceremony/verbs';
import type { OfficerRegistry } from '../officers/registry';
import type { TokenAddress } from '../pkcs11/port';
import type { ActContext } from './acts/act';
import { principalOf } from './acts/principal';
import { openCalendar } from './calendar';
import { KmsHolder } from './kms-holder';
import type { AwsSeat } from '../contract/aws-settings';
import { failure, type Result } from '../contract/result';
import type { KmsPort } from '../kms/port';
import type { StationGround } from './port';
import type { Transcript } from './transcript';

/** What a running ceremony is made of besides its transcript. */
export interface RunningGround {
  readonly ground: StationGround;
  readonly officers: OfficerRegistry;
  readonly packFolder: string;
  readonly profile: ActContext['profile'];
}

/** What the acts of one ceremony stand on: the station, AWS, the token and the moment of the transcript. */
export class ActGround {
  readonly #parts: RunningGround;
  readonly #transcript: Transcript;
  readonly #port: ActContext['port'];
  readonly #kms: KmsHolder;
  readonly #tell: ActContext['tell'];
  readonly #leaving = new AbortController();

  constructor(parts: RunningGround, transcript: Transcript, port: ActContext['port'], tell: ActContext['tell']) {
    this.#parts = parts;
    this.#transcript = transcript;
    this.#port = port;
    this.#tell = tell;
    this.#kms = new KmsHolder((region, as) => this.#openKms(region, as));
  }

  context(intent: ActContext['intent'], pin: Uint8Array | null): ActContext {
    const { ground, officers, packFolder, profile } = this.#parts;
    const { script, state } = this.#transcript;
    const { runMode, ceremonyId } = state.genesis.data;
    return {
      script,
      state,
      templatesFolder: join(ground.resourcesFolder, 'templates'),
      port: this.#port,
      address: addressOf(state),
      profile,
      intent,
      pin,
      packFolder,
      mirrorFolder: ground.mirrorFolder(),
      kms: (region, as) => this.#kms.port(region, as),
      medium: (which) => ground.mediumFolder({ which, round: this.#round(), runMode, ceremonyId }),
      privateFolder: this.privateFolder,
      officers: () => officers.list(),
      keyPolicy: (plan) => ground.keyPolicy({ ...plan, runMode }),
      proxy: ground.proxy,
      standIns: runMode === 'rehearsal' ? (ground.standIns ?? null) : null,
      tell: this.#tell,
      signal: this.#leaving.signal,
      calendar: openCalendar(ground.calendarFile),
      now: ground.now,
    };
  }

  /** A connection that is opened after people compared who calls must still be that caller: settings and credentials can change in a break. */
  async #openKms(region: string, as: AwsSeat): Promise<Result<KmsPort>> {
    const { state } = this.#transcript;
    const opened = await this.#parts.ground.kms({ region, as, runMode: state.runMode });
    const known = (state.data['aws.identify']?.['seats'] as Readonly<Record<string, string>> | undefined)?.[as];
    if (!opened.ok || known === undefined) return opened;
    const caller = await opened.value.identify();
    const now = caller.ok ? caller.value.value.arn : '';
    if (caller.ok && principalOf(now) === principalOf(known)) return opened;
    opened.value.close();
    return caller.ok ? failure('aws.wrongCaller', { seat: as, planned: known, found: now }) : caller;
  }

  get privateFolder(): string {
    return join(this.#parts.ground.privateFolder, this.#transcript.state.genesis.data.ceremonyId);
  }

  /** An act that waits for people waits no longer. */
  leave(): void {
    this.#leaving.abort();
  }

  close(): void {
    this.#kms.close();
  }

  /** How often a bundle has gone to the offline station, or come to it, up to the current step. */
  #round(): number {
    const { script, state } = this.#transcript;
    const sofar = plannedSteps(script, state.genesis.data.inputs).slice(0, state.stepIndex + 1);
    const count = (verb: VerbName) => sofar.filter(({ step }) => step.do.action === 'act' && step.do.verb === verb).length;
    return Math.max(count('bundle.prepareOut'), count('bundle.readOut'));
  }
}

function addressOf(state: CeremonyState): TokenAddress {
  const { profile, modulePath } = state.genesis.data.token;
  const { serial, label } = state.token;
  return { profile, modulePath, serial, label };
}
