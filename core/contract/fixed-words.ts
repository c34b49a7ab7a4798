/** Typed by a person to start a ceremony in production. In rehearsal nothing is typed. */
export const PRODUCTION_WORD = 'PRODUCTION';

/** The passphrase of every practice officer. No secret: it is printed on the screen, and such officers are refused in production. */
export const PRACTICE_PASSPHRASE = 'practice makes safe hands';

/** The PINs of the embedded practice token. No secrets either: the screen shows them where they are asked for. */
export const PRACTICE_PINS = { user: '10203040', so: '80706050' } as const;
