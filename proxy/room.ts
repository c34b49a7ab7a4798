import { fileURLToPath } from 'node:url';
import type { ProxyRoom } from '../core/contract/proxy-room';
import { tryPolicy as trial } from './authorize/trial';
import { run } from './run/run';

/** The build puts this file at dist/main/proxy.js, beside the entry of the HSM processes and two folders below `resources`. */
const PLACES = {
  hsmProcess: fileURLToPath(new URL('./hsm-process.js', import.meta.url)),
  resources: fileURLToPath(new URL('../../resources', import.meta.url)),
};

export const runProxy: ProxyRoom['runProxy'] = (options, context) => run(options, context, PLACES);

export const tryPolicy: ProxyRoom['tryPolicy'] = trial;
