export const projectorText = {
  waiting: 'No ceremony is on the stage',
  waitingHint: 'It appears here by itself.',
  step: (where: string, page: number, pages: number) => `${where} - page ${String(page)} of ${String(pages)}`,
  exceptionOpen: (number: number) => `Exception ${String(number)} waits for a decision`,
  paused: 'Paused',
  recovery: 'Recovery: the token is inspected before anything is repeated',
  sealed: 'The ceremony is sealed. Verify shows the head that was signed.',
  halted: 'The record cannot be written: the ceremony waits',
};
