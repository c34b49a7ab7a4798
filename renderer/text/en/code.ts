/** Around text that is shown as it stands. */
export const codeText = {
  lines: (count: number) => (count === 1 ? '1 line' : `${String(count)} lines`),
  linesOnStage: (count: number) =>
    `${String(count)} lines; all of them are on the ceremony screen and, when the step is sealed, in the pack`,
  select: 'Select all of it',
  copyHint: 'then copy with Ctrl+C or Cmd+C',
  selected: 'Selected. Copy it with Control C, or Command C on a Mac.',
};
