import type { AreaTexts } from './error-text';

/** The running XKS proxy, its latch and its control channel. */
export const proxyTexts: AreaTexts<'proxy'> = {
  'proxy.notRunning': {
    what: 'No proxy is running with this state folder.',
    means: 'Nothing was changed.',
    do: 'Start it: on the Proxy screen, or with keyrite proxy. In the terminal, check the folder (--state) or the settings file (--config) first.',
  },
  'proxy.notAnswering': {
    what: 'A proxy is running, but it does not answer.',
    means: 'What was asked of it may or may not have happened.',
    do: 'Ask for its status. To stop it at once, whatever it is doing, use keyrite kill.',
  },
  'proxy.alreadyRunning': {
    what: 'Another proxy uses this state or audit folder.',
    means: 'This one does not start: two proxies with one latch or one audit log would contradict each other.',
    do: 'Stop the other one, or give this one folders of its own. A lock of another host is never taken over: if that was a container that is gone, remove the file "lock" in the folder, after making sure of it.',
  },
  'proxy.foreign': {
    what: 'The state folder, or what lies in it, belongs to somebody else or is open to others.',
    means: 'It is not trusted: whoever can write there could switch the proxy on again.',
    do: 'Run this as the user of the proxy, or give the folder to that user with mode 0700.',
  },
  'proxy.notUnderstood': {
    what: 'The other end of the control channel said something that does not fit.',
    means: 'The terminal and the running proxy are probably of different versions.',
    do: 'Restart the proxy so that both are of one version, then ask again.',
  },
  'proxy.pathTooLong': {
    what: 'The path of the state folder is too long for a control socket.',
    means: 'The proxy could not be controlled, so it does not start.',
    do: 'Choose a state folder with a shorter path.',
  },
  'proxy.latchNotWritten': {
    what: 'The latch file could not be written.',
    means: 'Killing and blocking hold all the same, but may not outlive a restart; arming and unblocking did not happen.',
    do: 'Free some room or make the state folder writable, then do it again.',
  },
  'proxy.killed': {
    what: 'The proxy is killed.',
    means: 'It does not log in while the switch is on.',
    do: 'Find out who killed it and why (keyrite status); keyrite arm logs in again.',
  },
  'proxy.pinNotRead': {
    what: 'The PIN cannot be read from where the settings say.',
    means: 'No login was tried: the PIN at hand is the one that was refused, and one more refusal may lock the token.',
    do: 'Repair what is named below, or give the PIN with --pin-file, then say keyrite login again.',
  },
  'proxy.overtaken': {
    what: 'Somebody killed the proxy, blocked the key or logged the proxy out while this was being done.',
    means: 'That counts: it stays killed, blocked or logged out.',
    do: 'Find out who did it and why (keyrite status), then do this again.',
  },
  'proxy.auditNotWritten': {
    what: 'The audit log cannot be written.',
    means: 'Nothing is armed or unblocked without a line that says who did it and why.',
    do: 'Free some room or make the audit folder writable, then do it again.',
  },
  'proxy.reloadRefused': {
    what: 'The new settings cannot be used.',
    means: 'The proxy goes on with the settings it had.',
    do: 'Correct what is named below and reload once more; keyrite proxy --check says the same without a reload.',
  },
  'proxy.fault': {
    what: 'Something unexpected went wrong inside the proxy while it did this.',
    means: 'It may have been done in part.',
    do: 'Ask for its status, read its log, and report what you find there.',
  },
  'proxy.notSetUp': {
    what: 'No XKS proxy was set up on this station.',
    means: 'There is nothing to start, and no key is served from here.',
    do: 'Run the ceremony xks-store, which makes its settings, its credential and its folder.',
  },
  'proxy.filesChanged': {
    what: 'Files of the proxy are not as they were approved.',
    means: 'They were not put in force, and nothing was started by them. A proxy that runs goes on as it was.',
    do: 'Find out who or what changed them. Put those back that the evidence has, then repeat the step.',
  },
  'proxy.pinNeeded': {
    what: 'The proxy takes the PIN of its token from this program, and it was not entered yet.',
    means: 'It was not started. The PIN is kept in memory only, and is forgotten with every pause.',
    do: 'Start it on the Proxy screen with the PIN of the token’s user, then do again what needed it.',
  },
  'proxy.settings': {
    what: 'The proxy cannot use its settings.',
    means: 'It does not serve, and starting it again would not help.',
    do: 'Correct what is named below, then start it; keyrite proxy --check names everything that is wrong.',
  },
  'proxy.portTaken': {
    what: 'The proxy cannot listen on its address.',
    means: 'Another program has the port, or this machine has no such address. KMS does not reach the keys.',
    do: 'Find the other program and end it, or give the proxy another port or address in its settings, then start it.',
  },
  'proxy.certificate': {
    what: 'The proxy cannot use its TLS certificate: it is missing, expired, not valid yet, or does not fit its key.',
    means: 'KMS would refuse the connection, so the proxy does not serve. The keys are untouched.',
    do: 'Put a valid certificate with its chain in place, then start it.',
  },
  'proxy.loginRefused': {
    what: 'The token refused the PIN of the proxy.',
    means: 'It was tried once and forgotten. Nothing tries it again: a few more refusals would lock the token.',
    do: 'Find out the right PIN, and how many tries the token has left, then start the proxy with it.',
  },
  'proxy.loggedOut': {
    what: 'A person logged the proxy out of its token.',
    means: 'It has no session and has forgotten the PIN. It answers no use of a key until the PIN is entered again.',
    do: 'Find out who did it and why. Then log in with the PIN: on the Proxy screen, or with keyrite login.',
  },
  'proxy.logOutNotKept': {
    what: 'The proxy logged out, but could not write that down.',
    means: 'It has no session now. A restart would log in again by itself, where its settings say where the PIN is.',
    do: 'Free some room or make its state folder writable, then log it out again; or stop it where it was started.',
  },
  'proxy.noSession': {
    what: 'The proxy runs, but it has no session with its token.',
    means:
      'Calls are answered with an error until the token is there. It goes on trying by itself, without a login that could lock it.',
    do: 'Check that the HSM is connected and that label and module in the settings are right.',
  },
  'proxy.notReady': {
    what: 'The proxy’s process did not come up in time, and was ended.',
    means: 'It does not serve.',
    do: 'Look at its last words below and at the load of this machine, then start it again.',
  },
  'proxy.unresponsive': {
    what: 'The proxy’s process did not answer for several seconds, and was ended.',
    means: 'Calls in that time were not answered. A new process is started.',
    do: 'If it happens again, look at its last words, its log and the load of this machine.',
  },
  'proxy.crashed': {
    what: 'The proxy’s process ended unexpectedly.',
    means: 'It is started again a few times; the latch is as it was.',
    do: 'If it is not started again, look at its last words and its log, then start it.',
  },
  'proxy.notLaunched': {
    what: 'The proxy’s process could not be started.',
    means: 'It does not serve.',
    do: 'Check that the program is installed completely and that this machine has memory and processes left.',
  },
  'proxy.othersProcess': {
    what: 'The proxy that runs was started by something else: a login service or a terminal.',
    means: 'It can be watched, killed and armed from here, but not started, paused or restarted.',
    do: 'Pause it where it was started: systemctl --user stop keyrite-proxy, or Ctrl-C in its terminal.',
  },
  'proxy.trialGivenUp': {
    what: 'The policy could not be tried: the process that does it took too long or ended without an answer.',
    means: 'Nothing is known of what the policy would do. The proxy was not touched and goes on as it was.',
    do: 'Try once more. If it happens again, take the policy apart to find the one at fault, or try it in a terminal: keyrite policy try.',
  },
};
