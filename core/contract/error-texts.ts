import type { ErrorCode } from './errors';
import { awsTexts } from './error-texts/aws';
import { authTexts } from './error-texts/auth';
import { bridgeTexts } from './error-texts/bridge';
import { bundleTexts } from './error-texts/bundle';
import { ceremonyTexts } from './error-texts/ceremony';
import { fileTexts } from './error-texts/file';
import { inputTexts } from './error-texts/input';
import { keyTexts } from './error-texts/key';
import { policyTexts } from './error-texts/policy';
import { proxyTexts } from './error-texts/proxy';
import { tokenTexts } from './error-texts/token';
import type { ErrorText } from './error-texts/error-text';

/** Total: every code of the closed list in three sentences. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  ...inputTexts,
  ...tokenTexts,
  ...keyTexts,
  ...policyTexts,
  ...ceremonyTexts,
  ...authTexts,
  ...proxyTexts,
  ...awsTexts,
  ...bundleTexts,
  ...fileTexts,
  ...bridgeTexts,
};
