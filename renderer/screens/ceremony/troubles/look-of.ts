import { text } from '../../../text/text';

type Looks = typeof text.trouble.recovery.looks;

/** Where an interrupted act is looked for: an act at AWS leaves nothing on the token, and its station may have none. */
export function lookOf(operation: string): Looks[keyof Looks] {
  const { inKms, newKey, onToken } = text.trouble.recovery.looks;
  if (operation.startsWith('aws.')) return inKms;
  return operation === 'token.generate' ? newKey : onToken;
}
