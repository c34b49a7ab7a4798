import { ask } from '../control/ask';
import { isServing } from '../contract/serving';
import { folderOf, refused, WHICH_PROXY, WHICH_PROXY_NOTE } from './proxy-control';
import { statusReport } from './status-report';
import { EXIT, type Verb } from './verb';

const STATUS_MS = 3_000;

export const verb: Verb = {
  name: 'status',
  summary: 'how the XKS proxy is: latch, HSM, health, credentials, certificate, audit',
  usage: 'status [--config FILE | --state DIR] [--json]',
  options: { ...WHICH_PROXY, json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' } },
  positionals: { min: 0, max: 0 },
  notes: [
    WHICH_PROXY_NOTE,
    'Exit codes: 0 it serves; 1 it does not (killed, not healthy, no answer); 2 unusable input; 3 no proxy is running.',
  ],
  run: async (context) => {
    const folder = await folderOf(context);
    if (folder === null) return EXIT.unusable;
    const isJson = context.values['json'] === true;
    const asked = await ask(folder, { verb: 'status' }, { timeoutMs: STATUS_MS });
    if (!asked.ok) {
      if (isJson) context.out(JSON.stringify({ ok: false, error: asked.error }, null, 2));
      return isJson ? (asked.error.code === 'proxy.notRunning' ? EXIT.lacking : EXIT.no) : refused(context, asked.error);
    }
    const serves = isServing(asked.value);
    context.out(
      isJson
        ? JSON.stringify({ ok: true, serves, ...asked.value }, null, 2)
        : statusReport(asked.value, new Date(), context.isTerminal),
    );
    return serves ? EXIT.done : EXIT.no;
  },
};
