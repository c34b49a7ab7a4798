import { pino, type Logger } from 'pino';
import { success, type Result } from '../core/contract/result';
import { safeFields, safeText } from './log/redact';
import { RequestLines } from './log/request-lines';
import { openSink, type LogTools } from './log/sink';
import type { RequestRecord } from './request-record';
import type { Settings } from './settings/settings';

/** What a line tells besides its message. Values under names like `pin` or `secret`, bytes and signatures never get through. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The proxy's log for its operators: one JSON object per line. What happened to which request is in the audit log, not here. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** An answered request: at `debug`; at `warn` when it failed, 20 of those in a second at most, then their number. */
  request(record: RequestRecord): void;
  /** Hands over what is buffered and closes the file; waits two seconds at most. */
  close(): Promise<void>;
}

/**
 * Opens the log. Lines leave asynchronously: a reader that is slow or gone costs lines (beyond 4 MiB of them), never a request.
 * Refuses with `file.*` where the log file cannot be opened.
 */
export function createLog(settings: Settings['log'], tools: LogTools = { now: Date.now }): Result<Log> {
  const opened = openSink(settings, tools);
  if (!opened.ok) return opened;
  const sink = opened.value;
  const logger = pino(
    { level: settings.level, enabled: settings.stdout || settings.file !== null, base: null, ...FORMAT(tools.now) },
    sink,
  );
  const requests = new RequestLines(tools.now);
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(level)) write(logger, level, message, fields);
    };
  return success({
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    request: (record) => {
      for (const { level, message, fields } of requests.linesFor(record)) at(level)(message, fields);
    },
    close: () => sink.close(),
  });
}

function write(logger: Logger, level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: LogFields): void {
  logger[level](safeFields(fields), safeText(message));
}

const FORMAT = (now: () => number) =>
  ({
    timestamp: () => `,"at":"${new Date(now()).toISOString()}"`,
    messageKey: 'message',
    formatters: { level: (label: string) => ({ level: label }) },
  }) as const;
