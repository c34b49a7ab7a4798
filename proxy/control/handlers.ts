import type { Act } from '../../core/control/act';
import type { Answer } from '../../core/control/contract';
import type { ProxyLive } from '../../core/contract/proxy-live';
import type { ProxyStatus } from '../../core/contract/proxy-status';
import type { Result } from '../../core/contract/result';

/** What the proxy does for people, free of how they reach it. Each may be called while another is under way. */
export interface ControlHandlers {
  readonly status: () => ProxyStatus;
  /** `since`: the newest request that is known already, 0 for none */
  readonly live: (since: number) => ProxyLive;
  /** Never refused: the answer says how far it got. */
  readonly kill: (act: Act) => Promise<Answer<'kill'>>;
  /** `kills`: only if there was no pull since the latch said so */
  readonly arm: (act: Act, kills?: number) => Promise<Result<Answer<'arm'>>>;
  readonly block: (key: string, act: Act) => Promise<Result<Answer<'block'>>>;
  readonly unblock: (key: string, act: Act) => Promise<Result<Answer<'unblock'>>>;
  readonly reload: (act: Act) => Promise<Result<Answer<'reload'>>>;
  /** Killed or not. */
  readonly logout: (act: Act) => Promise<Answer<'logout'>>;
  /** `pin`: null for the one the proxy was given; overwritten when the handler has resolved */
  readonly login: (act: Act, pin: Uint8Array | null) => Promise<Result<Answer<'login'>>>;
}
