import type { ControlAnswer } from '../../core/control/contract';
import type { Result } from '../../core/contract/result';
import { answerControl } from './answer';
import type { ControlHandlers } from './handlers';

export type AnswerTo = (message: unknown) => Promise<ControlAnswer>;

export interface ControlChannel {
  /** Takes no more requests. Answers under way have half a second to go out. */
  readonly close: () => Promise<void>;
}

/** One way that requests come in and answers go out: the socket in the state folder, or the parent process. */
export interface ControlTransport {
  readonly open: (answerTo: AnswerTo) => Promise<Result<ControlChannel>>;
}

/** Lets people control the proxy over one transport. Call it once for each there is. */
export function serveControl(handlers: ControlHandlers, transport: ControlTransport): Promise<Result<ControlChannel>> {
  return transport.open((message) => answerControl(handlers, message));
}
