import { fork } from 'node:child_process';
import type { Wire } from '../pkcs11/client';
import { childEnvironment } from '../pkcs11/environment';
import { wireOf } from '../pkcs11/fork';

/**
 * Starts a wrapping child under plain Node. It gets neither our arguments nor Node options, and few variables of our environment:
 * a preloaded script or an inspector would sit in the process that has the key.
 * @param script the built entry of core/wrapping/child/main
 */
export function forkWrapChild(script: string): Wire {
  return wireOf(
    fork(script, [], {
      env: childEnvironment(process.env, []),
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
}
