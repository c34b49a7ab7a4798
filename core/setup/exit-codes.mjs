/** How `npm start` and `npm test` end; the same numbers as the verbs of `keyrite` (docs/cli.md). */
export const EXIT = Object.freeze({ done: 0, failed: 1, unusable: 2, lacking: 3, interrupted: 130 });
