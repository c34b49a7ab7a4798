import pkcs11 from 'pkcs11js';
import type { Handle, TokenInfo } from 'pkcs11js';
import type { PinState, TokenReport, TokenSummary } from '../contract/token-values';
import type { Module } from './module';
import { trimmed } from './padded-text';

interface PinFlags {
  readonly locked: number;
  readonly finalTry: number;
  readonly countLow: number;
}

const USER_FLAGS: PinFlags = {
  locked: pkcs11.CKF_USER_PIN_LOCKED,
  finalTry: pkcs11.CKF_USER_PIN_FINAL_TRY,
  countLow: pkcs11.CKF_USER_PIN_COUNT_LOW,
};

const SO_FLAGS: PinFlags = {
  locked: pkcs11.CKF_SO_PIN_LOCKED,
  finalTry: pkcs11.CKF_SO_PIN_FINAL_TRY,
  countLow: pkcs11.CKF_SO_PIN_COUNT_LOW,
};

function pinState(flags: number, pin: PinFlags): PinState {
  if (flags & pin.locked) return 'locked';
  if (flags & pin.finalTry) return 'finalTry';
  return flags & pin.countLow ? 'countLow' : 'ok';
}

/** The PIN state of one user from CK_TOKEN_INFO flags; the worst flag wins. */
export function pinStateOf(info: TokenInfo, user: 'user' | 'so'): PinState {
  return pinState(info.flags, user === 'so' ? SO_FLAGS : USER_FLAGS);
}

/** Memory in bytes; CK_UNAVAILABLE_INFORMATION (all bits set, 32 or 64 of them, a bigint when it is large) is null. */
function memory(value: number | bigint): number | null {
  const amount = Number(value);
  return amount === 0xffffffff || !Number.isSafeInteger(amount) ? null : amount;
}

/** CK_TOKEN_INFO.utcTime `YYYYMMDDhhmmss00` as ISO 8601, null where it is no time. */
function clock(info: TokenInfo): string | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(info.utcTime);
  if (!(info.flags & pkcs11.CKF_CLOCK_ON_TOKEN) || !parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

function version({ major, minor }: { major: number; minor: number }): string {
  return `${major}.${minor}`;
}

export function isInitialised(info: TokenInfo): boolean {
  return (info.flags & pkcs11.CKF_TOKEN_INITIALIZED) !== 0;
}

export function tokenSummary(info: TokenInfo): TokenSummary {
  return {
    serial: trimmed(info.serialNumber),
    label: trimmed(info.label),
    manufacturer: trimmed(info.manufacturerID),
    model: trimmed(info.model),
    initialised: isInitialised(info),
  };
}

/** C_GetSlotInfo and C_GetTokenInfo of a slot. */
export function tokenReport(module: Module, slot: Handle): TokenReport {
  const info = module.api.C_GetTokenInfo(slot);
  const has = (flag: number) => (info.flags & flag) !== 0;
  return {
    ...tokenSummary(info),
    module: module.report,
    slotDescription: trimmed(module.api.C_GetSlotInfo(slot).slotDescription),
    firmware: version(info.firmwareVersion),
    hardware: version(info.hardwareVersion),
    userPinSet: has(pkcs11.CKF_USER_PIN_INITIALIZED),
    writeProtected: has(pkcs11.CKF_WRITE_PROTECTED),
    protectedAuthenticationPath: has(pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH),
    userPin: pinStateOf(info, 'user'),
    soPin: pinStateOf(info, 'so'),
    freePublicMemory: memory(info.freePublicMemory),
    freePrivateMemory: memory(info.freePrivateMemory),
    clock: clock(info),
  };
}
