/** What the command line and the environment ask of the app. Nothing in here is a secret, and nothing secret is ever taken from here. */
export interface LaunchOptions {
  /** Folder for settings, officers, evidence and logs; null: the platform's own place. */
  readonly dataFolder: string | null;
  readonly selfTest: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

export const HELP = `Usage: keyrite-desktop [--data DIR]

  --data DIR    keep settings, officers, evidence and logs in DIR (also: KEYRITE_DATA)
  --self-test   open no window; start the token process, look for scripts, profiles and pages,
                print one line of JSON and exit: 0 all found, 1 something is missing
  --version     print version and build, and exit
  --help        print this, and exit

The headless tool is a program of its own: keyrite --help
`;

function valueOf(argv: readonly string[], name: string): string | null {
  const index = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = argv[index];
  if (word === undefined) return null;
  return word === name ? (argv[index + 1] ?? null) : word.slice(name.length + 1);
}

/** `argv` may carry Chromium's own switches and the app's path: only our words are looked at. An empty folder name counts as none. */
export function readLaunchOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): LaunchOptions {
  return {
    dataFolder: valueOf(argv, '--data') || env['KEYRITE_DATA'] || null,
    selfTest: argv.includes('--self-test'),
    help: argv.includes('--help'),
    version: argv.includes('--version'),
  };
}
