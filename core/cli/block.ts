import { ask } from '../control/ask';
import { isKeyId } from '../xks/uri';
import { NOT_STOPPED } from './kill-report';
import { actOf, ANSWER_MS, folderOf, NOT_RECORDED, refused, WHICH_PROXY, WHICH_PROXY_NOTE, WHO_AND_WHY } from './proxy-control';
import { EXIT, type Verb } from './verb';

export const verb: Verb = {
  name: 'block',
  summary: 'stop every use of one key by the XKS proxy',
  usage: 'block KEY [--config FILE | --state DIR] [--by NAME] [--reason TEXT]',
  options: { ...WHICH_PROXY, ...WHO_AND_WHY },
  positionals: { min: 1, max: 1 },
  notes: [
    'KEY is the external key id, as KMS names it. It stays blocked after a restart, until keyrite unblock.',
    WHICH_PROXY_NOTE,
    'Exit codes: 0 blocked; 1 not surely, or maybe not after a restart; 2 unusable input; 3 no proxy is running.',
  ],
  run: async (context) => {
    const [key = ''] = context.positionals;
    const act = actOf(context);
    if (!isKeyId(key)) {
      context.err('No key has such an id: 1 to 128 letters, digits, "-", "_" and ".".');
      return EXIT.unusable;
    }
    const folder = await folderOf(context);
    if (folder === null) return EXIT.unusable;
    const blocked = await ask(folder, { verb: 'block', key, act }, { timeoutMs: ANSWER_MS });
    if (!blocked.ok) return refused(context, blocked.error);
    context.out(
      [
        `BLOCKED ${key}`,
        'The proxy refuses every use of it, after a restart too, until keyrite unblock.',
        '',
        ...NOT_STOPPED,
      ].join('\n'),
    );
    if (!blocked.value.isConfigured) context.err(`No key store of the settings names "${key}". Was another key meant?`);
    if (!blocked.value.recorded) context.err(NOT_RECORDED);
    return EXIT.done;
  },
};
