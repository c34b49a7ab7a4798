/** What a verb of the terminal hands to the proxy's room, and hears from it. */
export interface RoomContext {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isTerminal: boolean;
  /** aborted by Ctrl-C or SIGTERM */
  readonly signal: {
    readonly aborted: boolean;
    readonly addEventListener: (type: 'abort', listener: () => void, options?: { readonly once?: boolean }) => void;
  };
}

/** How a run ended; the terminal makes an exit code of it. */
export type RoomEnd = 'done' | 'no' | 'unusable' | 'lacking' | 'stopped';

export interface ProxyOptions {
  readonly settingsFile: string;
  /** only say what is wrong with the settings */
  readonly checkOnly: boolean;
  /** make the health key, then end */
  readonly makeHealthKey: boolean;
}

export interface PolicyTrialOptions {
  readonly policyFile: string;
  /** JSON file with one request, '' for none */
  readonly requestFile: string;
  /** audit folder or file to replay, '' for none */
  readonly audit: string;
  readonly isJson: boolean;
}

/**
 * The proxy as the terminal launches it: by path (`dist/main/proxy.js` beside the terminal's own file), never by import, so that
 * nothing of core comes to depend on the room that listens.
 */
export interface ProxyRoom {
  readonly runProxy: (options: ProxyOptions, context: RoomContext) => Promise<RoomEnd>;
  readonly tryPolicy: (options: PolicyTrialOptions, context: RoomContext) => Promise<RoomEnd>;
}
