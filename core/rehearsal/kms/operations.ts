import type { Operation } from './operation';
import { createKey } from './operations/create-key';
import { describeKey } from './operations/describe-key';
import { decrypt, encrypt } from './operations/encrypt';
import { getParametersForImport } from './operations/get-parameters-for-import';
import { importKeyMaterial } from './operations/import-key-material';

/** Every operation of this KMS, by the name it has in X-Amz-Target. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['CreateKey', createKey],
  ['Decrypt', decrypt],
  ['DescribeKey', describeKey],
  ['Encrypt', encrypt],
  ['GetParametersForImport', getParametersForImport],
  ['ImportKeyMaterial', importKeyMaterial],
]);
