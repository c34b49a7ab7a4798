import type { PolicyTrialOptions, RoomContext, RoomEnd } from '../../core/contract/proxy-room';
import { loadAuthorizer, type Authorizer } from './authorizer';
import type { Replay } from './replay';
import { replayPath } from './replay-folder';
import { readTrialRequestFile } from './trial-request';
import { problemWords, replayWords, verdictWords, type TrialProblem } from './trial-words';

type Trial = (options: PolicyTrialOptions, authorizer: Authorizer, context: RoomContext) => Promise<RoomEnd>;

function unusable({ isJson }: PolicyTrialOptions, { out, err }: RoomContext, problems: readonly TrialProblem[]): RoomEnd {
  if (isJson) out(JSON.stringify({ ok: false, problems }, null, 2));
  else for (const problem of problems) err(problemWords(problem));
  return 'unusable';
}

const tryRequest: Trial = async (options, authorizer, context) => {
  const read = await readTrialRequestFile(options.requestFile);
  if (!read.ok) return unusable(options, context, [read.problem]);
  const verdict = authorizer.decide(read.query);
  const { policyFile, isJson } = options;
  context.out(
    isJson
      ? JSON.stringify({ ok: verdict.allowed, policyFile, ...verdict, request: read.query }, null, 2)
      : verdictWords(read.query, verdict),
  );
  return verdict.allowed ? 'done' : 'no';
};

const tryLog: Trial = async (options, authorizer, context) => {
  const { audit, policyFile, isJson } = options;
  const replay = await replayPath(audit, authorizer, context.signal).catch((error: unknown) => describe(error));
  if (replay === null) return 'stopped';
  if (typeof replay === 'string') {
    const remedy = 'Name an audit log that this user can read: its folder, or one of its files.';
    return unusable(options, context, [{ where: audit, problem: `The log cannot be read (${replay}).`, remedy }]);
  }
  if (replay.judged === 0) return unusable(options, context, [nothingJudged(audit, replay)]);
  const ok = replay.allowedToDenied + replay.deniedToAllowed === 0;
  context.out(
    isJson ? JSON.stringify({ ok, policyFile, policies: authorizer.policies, audit, ...replay }, null, 2) : replayWords(replay),
  );
  return ok ? 'done' : 'no';
};

/** The system's refusals are told; everything else is a fault of ours. */
function describe(error: unknown): string {
  if (error instanceof Error && 'code' in error) return error.message;
  throw error;
}

/** "Nothing would change" over a log without requests would be a comfort that proves nothing. */
function nothingJudged(audit: string, { notJudged: { health, refusedBefore, otherEvents, unreadable } }: Replay): TrialProblem {
  const lines = health + refusedBefore + otherEvents + unreadable;
  const problem = `There is no request to put to the policy: ${lines} lines, ${unreadable} of them unreadable.`;
  return { where: audit, problem, remedy: 'Name the folder that the proxy’s settings have for the audit log.' };
}

/**
 * `keyrite policy try`: says what a candidate policy answers to one request, or what it would have answered differently to the
 * requests of an audit log. Ends `done` when nothing would change (the request is allowed), `no` when something would (it is denied),
 * `unusable` when policy, request or log cannot be used; each problem is told.
 */
export async function tryPolicy(options: PolicyTrialOptions, context: RoomContext): Promise<RoomEnd> {
  const loaded = await loadAuthorizer(options.policyFile);
  if (!loaded.ok) {
    const problems = loaded.problems.map(({ key, problem, remedy }) => ({ where: key, problem, remedy }));
    return unusable(options, context, problems);
  }
  return (options.audit === '' ? tryRequest : tryLog)(options, loaded.value, context);
}
