/**
 * Rule: a page runs our files and nothing else. `default-src 'none'` turns everything off; what is listed is what the build makes.
 * No inline script or style, no eval, no data:, no frame, no form, no connection: a page that was tricked into showing somebody's
 * markup has no way to run it and nowhere to send what it sees. Style changes through the CSSOM (React, Cloudscape) need no exception.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sent with every answer of the app:// scheme. */
export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;
