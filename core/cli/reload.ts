import { ask } from '../control/ask';
import { plainText } from '../control/act';
import { actOf, folderOf, NOT_RECORDED, refused, WHICH_PROXY, WHICH_PROXY_NOTE, WHO_AND_WHY } from './proxy-control';
import { EXIT, type Verb } from './verb';

/** Settings, certificates, credentials and policies are read again, from whatever disk they are on. */
const RELOAD_MS = 30_000;

export const verb: Verb = {
  name: 'reload',
  summary: 'have the XKS proxy read its settings, certificates and policies again',
  usage: 'reload [--config FILE | --state DIR] [--by NAME] [--reason TEXT]',
  options: { ...WHICH_PROXY, ...WHO_AND_WHY },
  positionals: { min: 0, max: 0 },
  notes: [
    'No request is dropped. Settings that cannot be used change nothing, and what is wrong with them is said.',
    WHICH_PROXY_NOTE,
    'Exit codes: 0 reloaded; 1 refused, everything is as it was; 2 unusable input; 3 no proxy is running.',
  ],
  run: async (context) => {
    const act = actOf(context);
    const folder = await folderOf(context);
    if (folder === null) return EXIT.unusable;
    const reloaded = await ask(folder, { verb: 'reload', act }, { timeoutMs: RELOAD_MS });
    if (!reloaded.ok) return refused(context, reloaded.error);
    const { changed, needsRestart, recorded } = reloaded.value;
    context.out(
      changed.length === 0 ? 'Reloaded; nothing had changed.' : ['Reloaded. Changed:', ...changed.map(item)].join('\n'),
    );
    if (needsRestart.length > 0)
      context.err(['Changed in the file, but only a restart takes it up:', ...needsRestart.map(item)].join('\n'));
    if (!recorded) context.err(NOT_RECORDED);
    return EXIT.done;
  },
};

function item(line: string): string {
  return `  ${plainText(line)}`;
}
