import { describe, expect, it } from 'vitest';
import { dispatch, type VerbTable } from '../../../core/cli/dispatch';
import { EXIT, type ExitCode, type Verb, type VerbContext } from '../../../core/cli/verb';

function verbThat(name: string, run: (context: VerbContext) => Promise<ExitCode>): Verb {
  const options = { json: { type: 'boolean', hint: 'as JSON' } } as const;
  return {
    name,
    summary: `Does ${name}.`,
    usage: `${name} [--json]`,
    options,
    positionals: { min: 0, max: 0 },
    notes: ['A note.'],
    run,
  };
}

const loaded: string[] = [];
const VERBS: VerbTable = {
  count: () => (
    loaded.push('count'),
    Promise.resolve(verbThat('count', ({ values, out }) => (out(JSON.stringify(values)), Promise.resolve(EXIT.no))))
  ),
  break: () => (loaded.push('break'), Promise.resolve(verbThat('break', () => Promise.reject(new Error('the wheel came off'))))),
};

async function call(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  loaded.length = 0;
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), isTerminal: false };
  const code = await dispatch(args, VERBS, 'keyrite 1.2.3', output, new AbortController().signal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('keyrite', () => {
  it('runs the verb and ends with its code', async () => {
    expect(await call('count', '--json')).toEqual({ code: 1, out: '{"json":true}', err: '' });
  });

  it('loads only the verb that is run', async () => {
    await call('count');
    expect(loaded).toEqual(['count']);
  });

  it('lists all verbs and the exit codes', async () => {
    const { code, out } = await call('--help');
    expect(code).toBe(0);
    expect(out).toContain('count  Does count.');
    expect(out).toContain('70  a fault in Keyrite');
  });

  it('takes no verb at all for a question, but not for work done', async () => {
    expect((await call()).code).toBe(2);
  });

  it('explains a verb with its options and notes', async () => {
    const { code, out } = await call('count', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/keyrite count \[--json\][^]*--json {6}as JSON[^]*A note\./);
  });

  it('names its version', async () => {
    expect(await call('--version')).toEqual({ code: 0, out: 'keyrite 1.2.3', err: '' });
  });

  it('suggests the verb that was meant', async () => {
    expect(await call('cuont')).toEqual({
      code: 2,
      out: '',
      err: 'There is no verb "cuont". Did you mean "count"? See: keyrite --help',
    });
  });

  it('knows no verb by an inherited name', async () => {
    expect((await call('constructor')).code).toBe(2);
  });

  it('refuses unusable options with the usage', async () => {
    expect(await call('count', '--jsn')).toEqual({
      code: 2,
      out: '',
      err: "Unknown option '--jsn'. Did you mean --json? Usage: keyrite count [--json]",
    });
  });

  it('calls a thrown error a fault of its own', async () => {
    const { code, out, err } = await call('break');
    expect(code).toBe(70);
    expect(out).toBe('');
    expect(err).toContain('fault in Keyrite');
    expect(err).toContain('the wheel came off');
  });
});
