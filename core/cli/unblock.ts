import { ask } from '../control/ask';
import { isKeyId } from '../xks/uri';
import { actOf, ANSWER_MS, folderOf, NOT_RECORDED, refused, WHICH_PROXY, WHICH_PROXY_NOTE, WHO_AND_WHY } from './proxy-control';
import { EXIT, type Verb } from './verb';

export const verb: Verb = {
  name: 'unblock',
  summary: 'let the XKS proxy use a blocked key again',
  usage: 'unblock KEY --reason TEXT [--by NAME] [--config FILE | --state DIR]',
  options: { ...WHICH_PROXY, ...WHO_AND_WHY },
  positionals: { min: 1, max: 1 },
  notes: [
    'The reason goes into the audit log, before the key is unblocked. A killed proxy stays killed.',
    WHICH_PROXY_NOTE,
    'Exit codes: 0 not blocked any more; 1 refused, still blocked; 2 unusable input; 3 no proxy is running.',
  ],
  run: async (context) => {
    const [key = ''] = context.positionals;
    const act = actOf(context);
    if (act.why === '' || !isKeyId(key)) {
      context.err(
        act.why === '' ? 'Why is it unblocked? Say it with --reason TEXT; the audit log keeps it.' : 'No key has such an id.',
      );
      return EXIT.unusable;
    }
    const folder = await folderOf(context);
    if (folder === null) return EXIT.unusable;
    const unblocked = await ask(folder, { verb: 'unblock', key, act }, { timeoutMs: ANSWER_MS });
    if (!unblocked.ok) return refused(context, unblocked.error);
    context.out(`NOT BLOCKED ${key}`);
    if (!unblocked.value.isConfigured) context.err(`No key store of the settings names "${key}".`);
    if (!unblocked.value.recorded) context.err(NOT_RECORDED);
    return EXIT.done;
  },
};
