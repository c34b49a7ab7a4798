/** A token as listed before one is chosen. */
export interface TokenSummary {
  readonly serial: string;
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly initialised: boolean;
}

/** The module file and C_GetInfo. */
export interface ModuleReport {
  readonly path: string;
  readonly sha256: string;
  readonly cryptoki: string;
  readonly manufacturer: string;
  readonly description: string;
  readonly version: string;
}

/** C_GetSlotInfo and C_GetTokenInfo of the chosen token, in plain words. */
export interface TokenReport {
  readonly module: ModuleReport;
  readonly slotDescription: string;
  readonly serial: string;
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  readonly hardware: string;
  readonly initialised: boolean;
  readonly userPinSet: boolean;
  readonly writeProtected: boolean;
  readonly protectedAuthenticationPath: boolean;
  readonly userPin: PinState;
  readonly soPin: PinState;
  /** Bytes; null where the token will not say. */
  readonly freePublicMemory: number | null;
  readonly freePrivateMemory: number | null;
  /** Seconds since 1970 where the token has a clock, else null. */
  readonly clock: string | null;
}

/** CKF_*_PIN_COUNT_LOW, FINAL_TRY and LOCKED as one word. */
export type PinState = 'ok' | 'countLow' | 'finalTry' | 'locked';
