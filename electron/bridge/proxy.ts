import type { BridgeFunctions } from '../../core/contract/bridge';
import type { ProxySnapshot } from '../../core/contract/proxy-values';
import { failure, success, type Result } from '../../core/contract/result';
import { plainText, type Act } from '../../core/control/act';
import type { SupervisedProxy } from '../../core/supervision/station-proxy';
import type { KillSwitch } from '../kill-switch';
import type { PolicyVerbs } from './proxy-policy';

/** The proxy's own rules hold behind each of these; arming is a ceremony and not here. */
export function proxyFunctions(ground: {
  readonly proxy: SupervisedProxy;
  readonly killSwitch: KillSwitch;
  /** the user of this computer: what the audit log has as who did it, whatever a page says */
  readonly user: string;
}): Omit<BridgeFunctions['proxy'], keyof PolicyVerbs> {
  const { proxy, killSwitch, user } = ground;
  const act = (why: string): Act => ({ who: plainText(user), why: plainText(why) });
  const then = async (done: Result<unknown>): Promise<Result<ProxySnapshot>> =>
    done.ok ? success(await proxy.snapshot()) : done;
  let isTesting = false;

  async function selfTest(): ReturnType<BridgeFunctions['proxy']['selfTest']> {
    const folder = await proxy.folder();
    if (!folder.ok) return folder;
    const { status, isSetUp } = await proxy.snapshot();
    if (!isSetUp) return failure('proxy.notSetUp');
    if (status === null) return failure('proxy.notRunning', { folder: folder.value });
    // all the cases of an XKS proxy: loaded when they are asked for, not with the app
    const { testOwnProxy } = await import('../../core/supervision/self-test');
    return testOwnProxy(folder.value, status, new AbortController().signal);
  }

  return {
    get: async () => success(await proxy.snapshot()),
    live: ({ since }) => proxy.ask({ verb: 'live', since }),
    start: async ({ pin }) => then(await proxy.start(pin)),
    stop: async () => then(await proxy.stop()),
    kill: async ({ why }) => success(await killSwitch.kill(why)),
    block: async ({ key, why }) => then(await proxy.ask({ verb: 'block', key, act: act(why) })),
    unblock: async ({ key, why }) => then(await proxy.ask({ verb: 'unblock', key, act: act(why) })),
    reload: async () => {
      const done = await proxy.ask({ verb: 'reload', act: act('') });
      return done.ok ? success({ changed: done.value.changed, needsRestart: done.value.needsRestart }) : done;
    },
    login: async ({ pin }) => then(await proxy.login(act('the PIN was entered anew'), pin)),
    logOut: async ({ why }) => then(await proxy.logOut(act(why))),
    selfTest: async () => {
      // Dozens of malformed requests at a time are enough.
      if (isTesting) return failure('token.busy');
      isTesting = true;
      try {
        return await selfTest();
      } finally {
        isTesting = false;
      }
    },
  };
}
