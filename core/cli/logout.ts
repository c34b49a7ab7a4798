import { ask } from '../control/ask';
import { actOf, ANSWER_MS, folderOf, NOT_RECORDED, refused, WHICH_PROXY, WHICH_PROXY_NOTE, WHO_AND_WHY } from './proxy-control';
import { EXIT, type Verb } from './verb';

export const verb: Verb = {
  name: 'logout',
  summary: 'log the XKS proxy out of the HSM, and have it forget its PIN',
  usage: 'logout [--config FILE | --state DIR] [--by NAME] [--reason TEXT]',
  options: { ...WHICH_PROXY, ...WHO_AND_WHY },
  positionals: { min: 0, max: 0 },
  notes: [
    "Ends this proxy's own sessions, killed or not, also over a restart, until keyrite login. It is no kill: whoever has the PIN undoes it alone.",
    'Other programs stay logged in to the HSM. To stop them as well, deactivate the token or the partition by the means of its vendor.',
    WHICH_PROXY_NOTE,
    'Exit codes: 0 logged out; 1 not surely, or maybe not after a restart; 2 unusable input; 3 no proxy is running.',
  ],
  run: async (context) => {
    const act = actOf(context);
    const folder = await folderOf(context);
    if (folder === null) return EXIT.unusable;
    const told = await ask(folder, { verb: 'logout', act }, { timeoutMs: ANSWER_MS });
    if (!told.ok) return refused(context, told.error);
    const { sessions, isKept, recorded } = told.value;
    context.out(
      `Logged out: ${sessions} ${sessions === 1 ? 'session' : 'sessions'} ended, and the PIN forgotten. It wants its PIN again: keyrite login.`,
    );
    if (!recorded) context.err(NOT_RECORDED);
    if (isKept) return EXIT.done;
    context.err('The state folder could not be written: a restart logs in again where the settings say where the PIN is.');
    return EXIT.no;
  },
};
