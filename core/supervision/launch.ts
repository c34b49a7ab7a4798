/** A process that was started. */
export interface ProxyChild {
  /** null until the system has given it one, or where it could not be started */
  readonly pid: () => number | null;
  /** Whatever is in the message has been copied when this returns. */
  readonly post: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Called once. `code` null: by a signal, or it could not be started; `words` says which. */
  readonly onExit: (listener: (code: number | null, words: string) => void) => void;
  /** SIGKILL: the only signal that a process which hangs cannot ignore. */
  readonly end: () => void;
}

export interface LaunchOrder {
  readonly settingsFile: string;
  /** all of the environment that the process gets */
  readonly environment: Readonly<Record<string, string>>;
  /** what it prints */
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** Starts the proxy's process: a fork of Node, or a utility process of the desktop app. */
export type Launch = (order: LaunchOrder) => ProxyChild;
