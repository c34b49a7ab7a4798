import { randomBytes, randomInt } from 'node:crypto';

/** No AWS account has this number. */
export const REHEARSAL_ACCOUNT = '000000000000';
export const REHEARSAL_CALLER_ARN = `arn:aws:iam::${REHEARSAL_ACCOUNT}:user/keyrite-rehearsal`;
export const REHEARSAL_ROOT_ARN = `arn:aws:iam::${REHEARSAL_ACCOUNT}:root`;
export const REHEARSAL_USER_ID = 'AIDAKEYRITEREHEARSAL';
/** Stands on every answer; a client in production refuses an endpoint that sends it. */
export const REHEARSAL_HEADER = 'x-keyrite-rehearsal';

export interface RehearsalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** New at each start and kept nowhere: whoever gets the endpoint gets them with it. The id has the form AWS gives its own. */
export function newCredentials(): RehearsalCredentials {
  const accessKeyId = `AKIAREHEARSAL${String(randomInt(10_000_000)).padStart(7, '0')}`;
  return { accessKeyId, secretAccessKey: randomBytes(30).toString('base64') };
}

export function keyArn(region: string, keyId: string): string {
  return `arn:aws:kms:${region}:${REHEARSAL_ACCOUNT}:key/${keyId}`;
}

export function aliasArn(region: string, alias: string): string {
  return `arn:aws:kms:${region}:${REHEARSAL_ACCOUNT}:${alias}`;
}
