/** Every sentence main itself shows (dialogs, menu), in one place. What pages show is in renderer/text. */
export const TEXT = {
  app: 'Keyrite',
  projector: 'Keyrite projector',
  menu: {
    file: '&File',
    edit: '&Edit',
    view: '&View',
    window: '&Window',
    quit: 'Quit',
    zoomIn: 'Larger text',
    zoomOut: 'Smaller text',
    zoomReset: 'Normal text',
    fullScreen: 'Full screen',
    openProjector: 'Open the projector window',
    closeProjector: 'Close the projector window',
  },
  quit: {
    title: 'A ceremony is running',
    message: 'Leave while a ceremony is running?',
    detail:
      'Everything recorded so far is on disk. The ceremony waits as unfinished on the Desk and goes on from the same step after the next start.',
    stay: 'Stay',
    leave: 'Leave',
  },
  proxy: {
    menu: '&Proxy',
    kill: 'Kill the proxy now',
    killBy: { menu: 'from the menu', tray: 'from the tray', shortcut: 'by the shortcut' },
    openWindow: 'Open Keyrite',
    noShortcut: 'The shortcut works in this window only: another program has it, or this desktop gives none away',
    light: {
      serving: 'Proxy: serving',
      killed: 'Proxy: KILLED, every use of the keys is refused',
      trouble: 'Proxy: not serving, look at it',
      idle: 'Proxy: not running',
    },
    killed: {
      title: 'The proxy is killed',
      done: (tookMs: number) => `Every use of the keys is refused, since ${String(tookMs)} ms after the switch.`,
      notSure: 'The kill is not in order',
    },
    notices: {
      title: 'Open Keyrite for more.',
      killedElsewhere: 'The proxy was killed',
      armed: 'The proxy was armed: it serves again',
      crashed: 'The proxy’s process ended and is started again',
      failed: 'The proxy does not run any more',
      loggedOut: 'The proxy was logged out of its token',
      othersGone: 'The proxy that ran without this app has ended',
      stoodStill: {
        title: 'This machine slept or stood still',
        body: (from: string, until: string) =>
          `The proxy answered nobody from ${from.slice(11, 19)} to ${until.slice(11, 19)} UTC. Open Keyrite to see how it is.`,
      },
      clockSet: {
        title: (byMs: number) =>
          `The clock of this machine went ${byMs < 0 ? 'back' : 'forward'} by ${String(Math.round(Math.abs(byMs) / 1000))} s`,
        body: 'Check it: a proxy whose clock is more than 5 minutes off refuses every request.',
      },
      addressGone: (addresses: string) => `This machine has lost the address ${addresses}, which the proxy listens on`,
    },
    inTray: {
      title: 'The proxy runs on',
      body: 'Keyrite stays in the tray while its proxy runs. Open it from there, or start it again.',
    },
    leave: {
      title: 'The proxy is running',
      message: 'Leave while the proxy is running?',
      detail:
        'The proxy runs inside this app and ends with it: AWS KMS would not reach the keys. That is a pause, not a kill; what is killed stays killed. A login service (keyrite service install) keeps a proxy running without the app.',
      stay: 'Stay',
      tray: 'Keep it running in the tray',
      stop: 'Stop the proxy and quit',
    },
  },
  fault: {
    title: 'Keyrite met a fault of its own',
    message: (incident: string) =>
      `Something went wrong inside the program. No evidence is lost: the transcript on disk ends with the last act that was recorded. Incident ${incident} is in the log.`,
  },
  settingsDamaged: {
    title: 'Settings could not be read',
    message: (kept: string) =>
      `The settings file was damaged. It is kept as ${kept}, and the app starts with its defaults: check module, token and mirror in Settings before a ceremony.`,
  },
  pageLost: {
    title: 'The window cannot be shown',
    message:
      'The page stopped several times in a row. Evidence is safe on disk. Start the app again; if it happens again, the log says more.',
  },
  refusedSwitch: (name: string) =>
    `Keyrite does not start with --${name}: it would let other programs look into the windows or take protection away.`,
  practiceToken: ({ user, so }: { readonly user: string; readonly so: string }) =>
    `Practice token (SoftHSM). PIN of the user: ${user}. PIN of the security officer: ${so}.`,
  pickModule: { title: 'Choose the PKCS#11 module of your HSM', button: 'Use this module', filter: 'PKCS#11 modules' },
  pickMedium: {
    out: { title: 'Choose the folder of the medium labelled OUT', button: 'This is OUT' },
    back: { title: 'Choose the folder of the medium labelled BACK', button: 'This is BACK' },
  },
  pickMirror: { title: 'Choose the folder for the mirror of the evidence (another medium)', button: 'Mirror here' },
  addOfficer: { title: 'Choose an officer file', button: 'Add officer', filter: 'Officer files' },
  enrolToFile: { title: 'Where shall the officer file be kept? Choose the officer’s own medium', button: 'Keep it here' },
  verifyFolder: { title: 'Choose the folder of an evidence pack', button: 'Verify' },
  pickPolicy: { title: 'Choose a key policy (JSON)', button: 'Read it', filter: 'Key policies' },
  exportPolicy: { title: 'Where shall the key policy be written?', button: 'Write it' },
  exportCedar: { title: 'Where shall the policy be written?', button: 'Write it' },
  exportIcs: { title: 'Where shall the calendar file be written?', button: 'Write it' },
  exportPack: { title: 'Choose the folder the pack is copied into', button: 'Copy here' },
} as const;
