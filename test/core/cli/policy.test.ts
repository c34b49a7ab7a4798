import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PolicyTrialOptions, RoomContext, RoomEnd } from '../../../core/contract/proxy-room';
import type * as ProxyRoomFile from '../../../core/cli/proxy-room';
import { verb } from '../../../core/cli/policy';
import { runWords } from './run-verb';

const room = { asked: [] as PolicyTrialOptions[], end: 'done' as RoomEnd };

vi.mock('../../../core/cli/proxy-room', async (original) => ({
  ...(await original<typeof ProxyRoomFile>()),
  loadProxyRoom: () =>
    Promise.resolve({
      tryPolicy: (options: PolicyTrialOptions, { out }: RoomContext) => {
        room.asked.push(options);
        out('the answer');
        return Promise.resolve(room.end);
      },
    }),
}));

beforeEach(() => void Object.assign(room, { asked: [], end: 'done' }));

const policy = (...words: string[]) => runWords(verb, words);

describe('keyrite policy try', () => {
  it('hands a request or a log to the room of the proxy', async () => {
    expect(await policy('try', '--policy', 'p.cedar', '--request', 'r.json')).toEqual({ code: 0, out: 'the answer\n', err: '' });
    await policy('try', '--policy', 'p.cedar', '--audit', '/var/audit', '--json');
    expect(room.asked).toEqual([
      { policyFile: 'p.cedar', requestFile: 'r.json', audit: '', isJson: false },
      { policyFile: 'p.cedar', requestFile: '', audit: '/var/audit', isJson: true },
    ]);
  });

  it.each([
    ['done', 0],
    ['no', 1],
    ['unusable', 2],
    ['stopped', 130],
  ] as const)('ends a trial that was %s with %d', async (end, code) => {
    room.end = end;
    expect((await policy('try', '--policy', 'p', '--audit', 'a')).code).toBe(code);
  });

  it.each([
    ['no word', []],
    ['another word than try', ['check', '--policy', 'p', '--audit', 'a']],
    ['a word too many', ['try', 'it', '--policy', 'p', '--audit', 'a']],
    ['no policy', ['try', '--audit', 'a']],
    ['nothing to try it on', ['try', '--policy', 'p']],
    ['both a request and a log', ['try', '--policy', 'p', '--audit', 'a', '--request', 'r']],
    ['empty names', ['try', '--policy', '', '--audit', '']],
  ])('asks for what it needs when there is %s', async (_what, args) => {
    const { code, out, err } = await policy(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('keyrite policy try --policy FILE (--request FILE | --audit PATH)');
    expect(room.asked).toEqual([]);
  });

  it('explains itself', async () => {
    const { code, out } = await policy('--help');
    expect(code).toBe(0);
    expect(out).toContain('--audit PATH');
    expect(out).toContain('docs/authorization.md');
  });
});
