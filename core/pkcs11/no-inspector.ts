/**
 * Takes SIGUSR1 away from Node, which opens its debugger at it: on loopback, where every user of this machine can connect, read the
 * PIN and arm what was killed. The signal needs no attacker: rotating logs with it is a habit. A listener of ours replaces Node's own;
 * without one to come after it the signal means nothing here. Call it first of all in a process that holds a secret.
 */
export function keepInspectorShut(): void {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
}
