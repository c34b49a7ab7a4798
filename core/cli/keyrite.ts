import { TOOL } from '../contract/tool';
import { dispatch, type VerbTable } from './dispatch';
import { processOutput } from './output';

const VERBS: VerbTable = {
  rehearse: async () => (await import('./rehearse')).verb,
  verify: async () => (await import('./verify')).verb,
  script: async () => (await import('./script')).verb,
  wrap: async () => (await import('./wrap')).verb,
  bundle: async () => (await import('./bundle')).verb,
  proxy: async () => (await import('./proxy')).verb,
  kill: async () => (await import('./kill')).verb,
  arm: async () => (await import('./arm')).verb,
  block: async () => (await import('./block')).verb,
  unblock: async () => (await import('./unblock')).verb,
  status: async () => (await import('./status')).verb,
  reload: async () => (await import('./reload')).verb,
  login: async () => (await import('./login')).verb,
  logout: async () => (await import('./logout')).verb,
  service: async () => (await import('./service')).verb,
  'proxy-test': async () => (await import('./proxy-test')).verb,
  policy: async () => (await import('./policy')).verb,
  doctor: async () => (await import('./doctor')).verb,
};

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));

process.exitCode = await dispatch(
  process.argv.slice(2),
  VERBS,
  `keyrite ${TOOL.version} (${TOOL.build})`,
  processOutput(process.env),
  stop.signal,
);
