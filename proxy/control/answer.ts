import { requestSchema, type ControlAnswer, type ControlRequest } from '../../core/control/contract';
import { failure, success, type Result } from '../../core/contract/result';
import type { ControlHandlers } from './handlers';

/** Reads one request, as strictly as its verb wants it, and has it done. Never rejects: a fault of ours is an answer, too. */
export async function answerControl(handlers: ControlHandlers, message: unknown): Promise<ControlAnswer> {
  const request = requestSchema.safeParse(message);
  // the message may hold a PIN, so what is wrong is told by its place alone
  if (!request.success)
    return answerOf(failure('proxy.notUnderstood', { member: request.error.issues[0]?.path.join('.') ?? '' }));
  try {
    return answerOf(await perform(handlers, request.data));
  } catch (error) {
    return answerOf(
      failure('proxy.fault', { verb: request.data.verb, fault: error instanceof Error ? error.name : typeof error }),
    );
  }
}

function perform(handlers: ControlHandlers, request: ControlRequest): Promise<Result<unknown>> | Result<unknown> {
  switch (request.verb) {
    case 'status':
      return success(handlers.status());
    case 'live':
      return success(handlers.live(request.since));
    case 'kill':
      return handlers.kill(request.act).then(success);
    case 'arm':
      return handlers.arm(request.act, request.kills);
    case 'block':
      return handlers.block(request.key, request.act);
    case 'unblock':
      return handlers.unblock(request.key, request.act);
    case 'reload':
      return handlers.reload(request.act);
    case 'logout':
      return handlers.logout(request.act).then(success);
    case 'login':
      return withPin(request.pin, (pin) => handlers.login(request.act, pin));
  }
}

/** Over a socket the text of the message stays in memory until it is collected; the bytes do not outlive their use. */
async function withPin<T>(pin: Uint8Array | null, use: (pin: Uint8Array | null) => Promise<T>): Promise<T> {
  return use(pin).finally(() => pin?.fill(0));
}

function answerOf(result: Result<unknown>): ControlAnswer {
  return result.ok
    ? { ok: true, value: result.value }
    : { ok: false, error: { code: result.error.code, detail: { ...result.error.detail } } };
}
