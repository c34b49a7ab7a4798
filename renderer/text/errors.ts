import type { ErrorCode } from '../../core/contract/errors';
import { authTexts } from './errors/auth';
import { bridgeTexts } from './errors/bridge';
import { ceremonyTexts } from './errors/ceremony';
import { fileTexts } from './errors/file';
import { inputTexts } from './errors/input';
import { keyTexts } from './errors/key';
import { policyTexts } from './errors/policy';
import { tokenTexts } from './errors/token';
import type { ErrorText } from './errors/error-text';

/** Total: every code of the closed list in three sentences. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  ...inputTexts,
  ...tokenTexts,
  ...keyTexts,
  ...policyTexts,
  ...ceremonyTexts,
  ...authTexts,
  ...fileTexts,
  ...bridgeTexts,
};
