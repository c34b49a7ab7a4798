import { ask } from '../control/ask';
import { readPinFile } from './pin-file';
import {
  actOf,
  ANSWER_MS,
  folderOf,
  NOT_RECORDED,
  refused,
  textOf,
  WHICH_PROXY,
  WHICH_PROXY_NOTE,
  WHO_AND_WHY,
} from './proxy-control';
import { EXIT, type Verb } from './verb';

export const verb: Verb = {
  name: 'login',
  summary: 'have the XKS proxy log in again after the HSM refused its PIN, or after keyrite logout',
  usage: 'login [--pin-file FILE] [--config FILE | --state DIR] [--by NAME] [--reason TEXT]',
  options: {
    ...WHICH_PROXY,
    ...WHO_AND_WHY,
    'pin-file': {
      type: 'string',
      value: 'FILE',
      hint: 'another PIN, in a file of mode 0600; default: the one the proxy was given',
    },
  },
  positionals: { min: 0, max: 0 },
  notes: [
    'A token locks after a few wrong PINs, so the proxy never tries again by itself. One refusal more may be the last one.',
    WHICH_PROXY_NOTE,
    'Exit codes: 0 it tries now (keyrite status tells how it went); 1 refused; 2 unusable input; 3 no proxy is running.',
  ],
  run: async (context) => {
    const act = actOf(context);
    const file = textOf(context, 'pin-file');
    const pin = file === '' ? null : await readPinFile(file);
    if (typeof pin === 'string') {
      context.err(pin);
      return EXIT.unusable;
    }
    const folder = await folderOf(context);
    if (folder === null) return EXIT.unusable;
    const told = await ask(folder, { verb: 'login', act, pin }, { timeoutMs: ANSWER_MS }).finally(() => pin?.fill(0));
    if (!told.ok) return refused(context, told.error);
    context.out('The proxy tries to log in now. keyrite status tells how it went.');
    if (!told.value.recorded) context.err(NOT_RECORDED);
    return EXIT.done;
  },
};
