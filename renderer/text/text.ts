import { en } from './en';

export type Text = typeof en;

/** The language in use. */
export const text: Text = en;
