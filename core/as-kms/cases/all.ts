import type { ProxyCase } from '../proxy-case';
import { ADDRESS_CASES } from './address';
import { ANSWER_CASES } from './answers';
import { CALLER_CASES } from './callers';
import { CONNECTION_CASES } from './connection';
import { ENCRYPT_CASES } from './encrypt';
import { HEALTH_CASES } from './health';
import { INPUT_CASES } from './input';
import { METADATA_CASES } from './metadata';
import { PATH_CASES } from './paths';
import { SIGNATURE_CASES } from './signature';
import { TAMPER_CASES } from './tampering';
import { TLS_CASES } from './tls';

/** In the order they run: the answers' own cases last, because they judge everything that was answered before. */
export const ALL_CASES: readonly ProxyCase[] = [
  ...ADDRESS_CASES,
  ...TLS_CASES,
  ...CONNECTION_CASES,
  ...HEALTH_CASES,
  ...METADATA_CASES,
  ...ENCRYPT_CASES,
  ...CALLER_CASES,
  ...TAMPER_CASES,
  ...INPUT_CASES,
  ...PATH_CASES,
  ...SIGNATURE_CASES,
  ...ANSWER_CASES,
];
