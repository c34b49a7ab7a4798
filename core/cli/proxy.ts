import { END, loadProxyRoom } from './proxy-room';
import { EXIT, type Verb } from './verb';

/** What the AWS sample proxy reads, so that its users need not say it again. */
const SETTINGS_VARIABLE = 'XKS_PROXY_SETTINGS_TOML';

export const verb: Verb = {
  name: 'proxy',
  summary: 'run the XKS proxy between AWS KMS and the HSM',
  usage: 'proxy [--config FILE] [--check | --make-health-key]',
  options: {
    config: { type: 'string', value: 'FILE', hint: `settings (TOML); default: $${SETTINGS_VARIABLE}` },
    check: { type: 'boolean', default: false, hint: 'only say everything that is wrong with the settings, and end' },
    'make-health-key': { type: 'boolean', default: false, hint: 'make the key that health checks use, and end' },
  },
  positionals: { min: 0, max: 0 },
  notes: [
    'Runs in the foreground until SIGTERM or Ctrl-C; SIGHUP reads the settings again.',
    'Beside it: keyrite status, kill, arm, block, unblock, reload, login, logout; keyrite proxy-test tries it as KMS would.',
    'docs/proxy.md says how to set it up, operate it, and move over from the AWS sample proxy.',
    'Exit codes: 0 ended as asked, or the settings are good; 1 it could not go on; 2 the settings cannot be used, and every mistake was named; 3 this machine lacks something; 70 a fault in Keyrite. After 2 and 3, starting again cannot help.',
  ],
  run: async ({ values, out, err, isTerminal, signal }) => {
    const settingsFile = typeof values['config'] === 'string' ? values['config'] : (process.env[SETTINGS_VARIABLE] ?? '');
    if (settingsFile === '') {
      err(`Which settings? Name them with --config FILE or $${SETTINGS_VARIABLE}; resources/proxy holds samples to begin with.`);
      return EXIT.unusable;
    }
    const { runProxy } = await loadProxyRoom();
    const options = {
      settingsFile,
      checkOnly: values['check'] === true,
      makeHealthKey: values['make-health-key'] === true,
    };
    return END[await runProxy(options, { out, err, isTerminal, signal })];
  },
};
