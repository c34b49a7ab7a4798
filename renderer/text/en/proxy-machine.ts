const lasting = (ms: number): string => {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return `${String(seconds)} s`;
  return seconds < 7200 ? `${String(Math.round(seconds / 60))} min` : `${String(Math.round(seconds / 3600))} h`;
};

/** What happened to the machine under the proxy. A moment stands behind each sentence. */
export const proxyMachineText = {
  title: 'This machine',
  quiet: 'Since the app was started it has not slept, and kept its clock and its addresses.',
  stoodStill: (ms: number) => `This machine slept or stood still for ${lasting(ms)}: nobody was answered. Awake since`,
  clockSet: (byMs: number) =>
    `The clock of this machine went ${byMs < 0 ? 'back' : 'forward'} by ${lasting(byMs)}. Check it: more than 5 minutes off, and every request is refused. Noticed at`,
  addresses: (gone: string, come: string) =>
    `This machine ${[gone === '' ? '' : `lost ${gone}`, come === '' ? '' : `got ${come}`].filter(Boolean).join(' and ')}`,
  addressesHint: 'Test under “As KMS sees it” whether it is still reached. Noticed at',
};
