import { ask } from '../control/ask';
import { plainText } from '../control/act';
import { actOf, ANSWER_MS, folderOf, NOT_RECORDED, refused, WHICH_PROXY, WHICH_PROXY_NOTE, WHO_AND_WHY } from './proxy-control';
import { EXIT, type Verb } from './verb';

export const verb: Verb = {
  name: 'arm',
  summary: 'let a killed XKS proxy serve again',
  usage: 'arm --reason TEXT [--by NAME] [--config FILE | --state DIR]',
  options: { ...WHICH_PROXY, ...WHO_AND_WHY },
  positionals: { min: 0, max: 0 },
  notes: [
    'The reason goes into the audit log, before anything is armed. Blocked keys stay blocked. A killed proxy has to run to be armed.',
    WHICH_PROXY_NOTE,
    'Exit codes: 0 armed; 1 refused, still killed; 2 unusable input; 3 no proxy is running.',
  ],
  run: async (context) => {
    const act = actOf(context);
    if (act.why === '') {
      context.err('Why is it armed again? Say it with --reason TEXT; the audit log keeps it.');
      return EXIT.unusable;
    }
    const folder = await folderOf(context);
    if (folder === null) return EXIT.unusable;
    const armed = await ask(folder, { verb: 'arm', act }, { timeoutMs: ANSWER_MS });
    if (!armed.ok) return refused(context, armed.error);
    const { problem, recorded } = armed.value;
    context.out('ARMED\nThe proxy logs in to the HSM and serves again; keyrite status tells how it goes.');
    if (problem !== '')
      context.err(
        `It had come up killed: ${plainText(problem)} Keys blocked before that are not known any more: block them again.`,
      );
    if (!recorded) context.err(NOT_RECORDED);
    return EXIT.done;
  },
};
