import type { KillOutcome, ProxySnapshot } from '../../../core/contract/proxy-values';
import type { Obstacle, Standing } from '../../screens/proxy/standing';

const standings: Readonly<Record<Standing, { readonly word: string; readonly means: string }>> = {
  serving: { word: 'Serving', means: 'AWS KMS can use the keys of this station.' },
  notServing: { word: 'Running, not serving', means: 'The switch is on, but the proxy refuses every use of a key.' },
  loggedOut: {
    word: 'Logged out',
    means: 'Somebody logged the proxy out of the token. It uses no key until a person enters the PIN again.',
  },
  killed: { word: 'Killed', means: 'No key of this station is used. It stays so after a restart, until officers arm it again.' },
  starting: { word: 'Starting', means: 'It loads the library, finds the token and logs in. No key is used yet.' },
  unresponsive: {
    word: 'Unresponsive',
    means: 'The process does not answer. If it does not recover, it is ended and started again.',
  },
  waiting: { word: 'Waiting to restart', means: 'The process ended and is started again by itself. No key is used until then.' },
  stopping: { word: 'Pausing', means: 'Requests under way are answered, then the process ends.' },
  paused: {
    word: 'Paused',
    means: 'Nothing runs, so nothing answers AWS KMS. The switch is on: whoever starts the proxy serves.',
  },
  failed: { word: 'Failed', means: 'The process is not started again by itself. No key is used until somebody acts.' },
  asking: { word: 'Asking', means: 'It runs, and has not said yet how it is.' },
};

const obstacles: Readonly<Record<Obstacle, string>> = {
  login: 'The token refused the PIN.',
  token: 'It has no session with the token.',
  health: 'It does not pass its own test with the token.',
  audit: 'It cannot write its audit log, and answers nothing it cannot record.',
};

const services: Readonly<Record<ProxySnapshot['service'], string>> = {
  none: 'No login service: it runs as long as this app does.',
  installed: 'The login service is installed, and not running.',
  running: 'The login service keeps it running, also without this app.',
};

const killed: Readonly<Record<KillOutcome['how'], { readonly title: string; readonly says: string }>> = {
  acknowledged: { title: 'Killed', says: 'The proxy acknowledged: no operation runs any more.' },
  notRunning: { title: 'Killed for the next start', says: 'No proxy ran, so no key was in use. The next one starts killed.' },
  forced: { title: 'Killed by force', says: 'The proxy did not acknowledge, so its process was ended.' },
  failed: { title: 'NOT surely killed', says: 'Keys may still be in use. Use another way at once:' },
};

/** The Proxy screen: its state and its switch. */
export const proxyText = {
  title: 'Proxy',
  state: 'State',
  standings,
  attached: 'Runs as a service: something else started it, so it is paused and restarted there.',
  rehearsal: 'Practice proxy over the embedded token',
  since: 'Since',
  by: (who: string) => `By ${who}`,
  nobody: 'nobody is named',
  because: 'Why',
  noReason: 'no reason given',
  unknownLatch: 'The record of the switch cannot be read. That counts as killed, and the proxy would start killed.',
  whoLoggedOut: 'The audit log has who, and why.',
  killedAndLoggedOut: 'Logged out of the token as well: it wants its PIN before it is armed.',
  latchProblem: 'The switch was not recorded as it should',
  obstacles,
  nextTry: (seconds: number) => (seconds <= 0 ? 'Next try now' : `Next try in ${String(seconds)} s`),
  restarts: (count: number, limit: number) => `Restart ${String(count)} of ${String(limit)} within ten minutes`,
  addressGone: (addresses: string) =>
    `This machine has no address ${addresses} now, which the settings listen on. Plug in the cable or connect the VPN.`,
  services,
  start: 'Start',
  startAgain: 'Start again',
  starting: 'Starting the proxy',
  pinDialog: 'The PIN of the token',
  pinHint: 'Tried exactly once, by the proxy. Kept in memory only, and forgotten with every pause.',
  pinEmpty: 'Enter the PIN.',
  login: 'Log in again',
  loginDialog: 'Log in at the token again',
  loginHint: 'A few refused PINs lock a token. This one is tried exactly once.',
  logInOut: 'Log in',
  loggedInNow: 'The proxy has the PIN.',
  pause: 'Planned pause',
  pauseDialog: 'Pause the proxy for maintenance',
  pauseHint:
    'Requests under way are answered, then the process ends. AWS KMS gets no answer from here until somebody starts it. The switch stays on: a pause is no way to take the keys away.',
  pauseAct: 'Pause now',
  paused: 'The proxy is paused.',
  started: 'The proxy was started.',
  reload: 'Read the settings again',
  reloaded: 'The settings were read.',
  changed: 'Changed',
  needsRestart: 'Changes with the next start only',
  nothingChanged: 'Nothing changed.',
  switch: {
    title: 'Kill switch',
    reach: 'What a kill does',
    kill: 'Kill: stop all use of the keys',
    again: 'Press again: kill now',
    hint: 'Nothing has happened yet. Press the same button within 6 seconds, or Esc to take it back.',
    reason: 'Why (may stay empty)',
    reasonHint: 'Stands in the audit log. Nobody waits for it: kill first, write later.',
    one: 'One person, no PIN, no network. It is undone by officers only.',
    stops: 'Stops',
    stopsList: [
      'every Encrypt and Decrypt through this proxy, at once',
      'new data keys, and the opening of any that a service does not hold already',
      'also after a restart or a reboot: it comes up killed',
    ],
    goesOn: 'Does not stop',
    goesOnIntro: 'Services go on with the data keys they hold in memory:',
    cached: [
      ['EBS', 'attached volumes read and write until they are detached'],
      ['S3', 'bucket keys serve objects for a while'],
      ['RDS', 'running databases, until they are stopped'],
      ['DynamoDB', 'table keys, some minutes'],
      ['Lambda', 'warm functions with their environment'],
      ['EKS', 'secrets that the API server has opened'],
      ['Secrets Manager', 'what programs have fetched already'],
    ] as readonly (readonly [string, string])[],
    elsewhere: 'Other proxies behind the same key store go on: kill each of them, or disconnect the store.',
    shortcut: (keys: string) => `From anywhere on this desktop: ${keys}`,
    shortcutOff: (keys: string) => `The shortcut ${keys} is taken by another program: it does not kill.`,
    more: 'More ways to stop',
  },
  outcome: {
    how: killed,
    took: (ms: number) => `It took ${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms.`,
    holds: 'It stays killed after a restart.',
    byHand: [
      'Pull the network cable of this machine, or close port 443 in the firewall.',
      'Deactivate the token: pull the card, or log it out at its own console.',
      'Disconnect the key store in AWS KMS.',
      'In a terminal: keyrite kill',
    ],
  },
  after: {
    title: 'After the kill',
    hint: 'The ticks are yours, on this screen only; they are not recorded.',
    list: [
      'Tell whoever is on call, and the owners of the data: services fail from now on.',
      'Kill the other proxies of the key store, or disconnect the store.',
      'EBS: stop the instances, or detach their volumes.',
      'RDS: stop the databases.',
      'Lambda: publish or set concurrency to 0. EKS: restart the API servers or take access away.',
      'S3, DynamoDB, Secrets Manager: take away the permission of the principals that must lose access.',
      'Look at the requests of the last minutes: what was asked, by whom.',
      'Keep the audit log. Arm again only when the reason is gone.',
    ],
    done: (count: number, all: number) => `${String(count)} of ${String(all)} done`,
  },
  arm: {
    title: 'Arm again',
    hint: 'Arming takes a ceremony with several officers. One person can stop the keys, and no one person can start them.',
    act: 'Arm again: open the ceremony',
    killAgain: 'Kill once more',
  },
  layers: {
    title: 'More ways to stop',
    hint: 'From the nearest to the farthest. Each works without the others, and each says what it does not reach.',
    reaches: 'Reaches',
    leaves: 'Does not reach',
    back: 'Way back',
    list: [
      {
        name: 'This proxy',
        reaches: 'The kill switch above: every use of a key through this process.',
        leaves: 'Other proxies of the store, and data keys in memory.',
        back: 'Officers arm it in a ceremony.',
        how: [],
        act: null,
        script: null,
      },
      {
        name: 'The token: log this proxy out',
        reaches:
          'Every session of this proxy with the token, also when it is killed. It forgets its PIN and does not log in by itself, not even after a restart.',
        leaves:
          'Other proxies and programs that are logged in to the same token, whoever knows the PIN, and data keys in memory.',
        back: 'One person enters the PIN: Log in. It is no kill: if no single person is to bring the keys back, kill as well.',
        how: [],
        act: 'logOut',
        script: null,
      },
      {
        name: 'The token: deactivate it',
        reaches: 'Every use of the keys in this HSM by any program, also where this machine is in foreign hands.',
        leaves: 'Copies of the keys in other HSMs, and data keys in memory. Everything else on this token stops, too.',
        back: 'Custodians activate the token at its own console, then somebody enters the PIN here.',
        how: [
          'Log this proxy out first, so that it does not try to come back.',
          'Smart card or USB token: pull it.',
          'Network HSM: deactivate the partition at its own console, with the cards and custodians the HSM asks for.',
          'Only this machine: take away its client registration at the HSM.',
          'Look here under Condition: no session may be ready.',
        ],
        act: null,
        script: null,
      },
      {
        name: 'AWS KMS: disconnect the key store',
        reaches: 'All keys of the store, through any proxy. KMS stops calling; its keys become unavailable.',
        leaves: 'Data keys in memory. It needs AWS credentials, and AWS to be up.',
        back: 'Connect the store again. That takes some minutes.',
        how: [],
        act: null,
        script: 'xks-disconnect',
      },
      {
        name: 'AWS KMS: disable one key',
        reaches: 'One KMS key, for everybody, within a minute or so.',
        leaves: 'Other keys of the store, and data keys in memory. It needs AWS credentials.',
        back: 'Enable the key: its ceremony does, and so does one person with the permission.',
        how: [
          'In an emergency, in a terminal: aws kms disable-key --key-id <key id>. The Keys screen has the id.',
          'Or in the console: KMS, Customer managed keys, the key, Disable.',
        ],
        act: null,
        script: 'kms-disable',
      },
    ] as readonly {
      readonly name: string;
      readonly reaches: string;
      readonly leaves: string;
      readonly back: string;
      readonly how: readonly string[];
      readonly act: 'logOut' | null;
      readonly script: string | null;
    }[],
    byHand: 'By hand',
    open: 'Open the ceremony',
  },
  logOut: {
    open: 'Log out of the token',
    none: 'Nothing runs, so this proxy has no session. Its PIN is forgotten.',
    already: 'It is logged out, and wants its PIN.',
    title: 'Log this proxy out of its token',
    hint: 'All its sessions end at once, and it forgets the PIN. AWS KMS is refused every use of its keys until somebody enters the PIN. Other programs stay logged in to the token.',
    act: 'Log out now',
    done: 'The proxy is logged out of its token.',
  },
  empty: {
    title: 'No proxy is set up here',
    what: 'An XKS proxy answers AWS KMS with keys that never leave your HSM. With it you hold the switch: kill the proxy, and AWS can open no further data key.',
    think: 'Think twice',
    warnings: [
      'Most do not need this. A CloudHSM key store or imported key material costs less and fails less often.',
      'You own durability: if the key in the HSM is lost, everything encrypted under it is lost. Back it up before the first KMS key.',
      'You own availability: KMS gives up after 250 ms, and every second that this proxy is down is an outage of the services behind it.',
      'A desktop is no place for production: that needs two hosts, a public name or a VPC endpoint, and 24 hours a day. Practise here, run it on servers.',
      'Killing does not reach data keys that services hold in memory.',
      'Certificate and credential expire, and either is an outage. The ceremony enters both into the calendar.',
    ],
    start: 'Set up a key store: open the ceremony',
  },
  desk: {
    title: 'XKS proxy',
    none: 'Not set up',
    open: 'Open the proxy',
    runs: {
      app: 'This app runs it.',
      service: 'A login service runs it.',
      other: 'Something else on this machine runs it.',
      nothing: 'Nothing runs.',
    },
    drill: 'Next kill drill',
    noDrill: 'No kill drill is in the calendar.',
  },
  tabs: {
    live: 'Live',
    keys: 'Keys and credentials',
    policy: 'Policy',
    condition: 'Condition',
    selfTest: 'As KMS sees it',
    layers: 'More ways to stop',
  },
};
