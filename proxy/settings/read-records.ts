import { join } from 'node:path';
import { defaultStateFolder, LONGEST_STATE_FOLDER, socketFits } from '../../core/control/state-folder';
import { isLoopback } from './patterns';
import { needed, refuseTwice, samplePath, type Reading } from './reading';
import type { Settings } from './settings';

export function readStateFolder(reading: Reading): string {
  const { form, env, remarks } = reading;
  const folder = form.state?.folder ?? defaultStateFolder(env);
  const key = 'state.folder';
  if (folder === '')
    return needed(reading, key, undefined, '', 'Write the folder for latch, lock and control socket; no home folder tells it.');
  if (!socketFits(folder)) {
    remarks.error(
      key,
      `is ${folder}, too long for the control socket in it`,
      `Choose a folder whose path has at most ${LONGEST_STATE_FOLDER} bytes: Unix sockets allow no more.`,
    );
  }
  return folder;
}

export function readAudit({ form, remarks }: Reading, stateFolder: string): Settings['audit'] {
  const { audit = {} } = form;
  if (audit.on_failure === 'continue') {
    remarks.warning(
      'audit.on_failure',
      'answers requests although nothing proves that they were made',
      'Write "refuse" where every use of a key has to be on record.',
    );
  }
  return {
    folder: audit.folder ?? join(stateFolder, 'audit'),
    onFailure: audit.on_failure ?? 'refuse',
    fileBytes: audit.max_file_bytes ?? 67_108_864,
    sync: audit.sync ?? 'second',
  };
}

export function readMetrics(reading: Reading, server: Settings['server']): Settings['metrics'] {
  const { form, remarks } = reading;
  if (form.metrics === undefined) return null;
  const host = form.metrics.ip ?? '127.0.0.1';
  const port = needed(reading, 'metrics.port', form.metrics.port, 0, 'Write a port, such as 9464.');
  if (!isLoopback(host)) {
    remarks.error(
      'metrics.ip',
      `is ${host}; metrics tell callers and keys, and have no authentication`,
      'Write "127.0.0.1" and let an agent on this machine collect them.',
    );
  }
  if (port !== 0 && (port === server.port || port === server.pingPort)) {
    remarks.error('metrics.port', `is ${port}, where the proxy listens already`, 'Write another port.');
  }
  return { host, port };
}

function readLogFile(reading: Reading): Settings['log']['file'] {
  const { log, tracing } = reading.form;
  if (log?.folder !== undefined) {
    return { folder: log.folder, prefix: log.file_prefix ?? 'keyrite-proxy', rotation: log.rotation ?? 'daily' };
  }
  if (tracing?.is_file_writer_enabled !== true) return null;
  const folder = samplePath(reading, 'tracing.directory', tracing.directory);
  return {
    folder: needed(
      reading,
      'tracing.directory',
      folder,
      '',
      'Write the folder for log files, or set is_file_writer_enabled = false.',
    ),
    prefix: tracing.file_prefix || 'keyrite-proxy',
    rotation: tracing.rotation_kind ?? 'daily',
  };
}

/** [tracing] is the sample's, [log] ours. */
export function readLog(reading: Reading): Settings['log'] {
  const { form, remarks } = reading;
  const { log, tracing } = form;
  if (log !== undefined && tracing !== undefined) refuseTwice(reading, '[log]', 'tracing');
  const stdout = log?.stdout ?? tracing?.is_stdout_writer_enabled ?? true;
  const file = readLogFile(reading);
  if (tracing?.file_prefix !== undefined && /[\\/]/.test(tracing.file_prefix)) {
    remarks.error('tracing.file_prefix', 'leads to another folder', 'Write the beginning of a file name.');
  }
  if (!stdout && file === null) {
    const key = tracing === undefined ? 'log' : 'tracing';
    remarks.warning(key, 'is off: nothing will be logged', 'The audit log goes on; a log on stdout costs little.');
  }
  return { level: log?.level ?? tracing?.level ?? 'info', stdout, file };
}
