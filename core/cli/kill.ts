import { KILL_OPTIONS, pullKillSwitch } from '../control/kill';
import { failureText } from '../contract/failure-text';
import { killReport } from './kill-report';
import { actOf, folderOf, WHICH_PROXY, WHICH_PROXY_NOTE, WHO_AND_WHY } from './proxy-control';
import { EXIT, type Verb } from './verb';

export const verb: Verb = {
  name: 'kill',
  summary: 'stop every use of every key by the XKS proxy, at once',
  usage: 'kill [--config FILE | --state DIR] [--by NAME] [--reason TEXT]',
  options: { ...WHICH_PROXY, ...WHO_AND_WHY },
  positionals: { min: 0, max: 0 },
  notes: [
    'Needs one person, no secret, no network and no HSM. The proxy stays killed after a restart, until keyrite arm.',
    'A proxy that does not answer within a second has its latch written and its process ended; one that does not run comes up killed.',
    WHICH_PROXY_NOTE,
    'Exit codes: 0 killed, and killed after a restart; 1 not surely, and what to do; 2 unusable input.',
  ],
  run: async (context) => {
    const act = actOf(context);
    const folder = await folderOf(context);
    // Not some other proxy instead: whoever sits at a terminal reads this, and can name the folder.
    if (folder === null) {
      context.err('NOT KILLED');
      return EXIT.unusable;
    }
    const end = await pullKillSwitch(folder, act);
    if (end.how === 'failed') {
      context.err(`NOT KILLED\n${failureText(end.error)}`);
      return EXIT.no;
    }
    const { isSure, text } = killReport(end, KILL_OPTIONS.answerMs, context.isTerminal);
    context.out(text);
    return isSure ? EXIT.done : EXIT.no;
  },
};
