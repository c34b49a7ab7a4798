import { commandOf, MARK, SERVICE_NAME, type ServicePlan } from './plan';
import { xml } from './xml';

export const LAUNCHD_LABEL = `example.keyrite.${SERVICE_NAME}`;

/**
 * A launchd agent (launchd.plist(5)): from login to logout. launchd starts it again after every end but a success; it cannot tell
 * settings that cannot be used from a crash, so it tries those every ten seconds as well, which costs nothing but log lines.
 * @param logFile what the proxy prints
 */
export function launchdPlist(plan: ServicePlan, logFile: string): string {
  const strings = commandOf(plan).map((each) => `    <string>${xml(each)}</string>`);
  const variables = Object.entries({ NODE_ENV: 'production', ...plan.environment }).map(
    ([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${MARK}: written by "keyrite service install", removed by "keyrite service uninstall". -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LAUNCHD_LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${strings.join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join('\n')}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>10</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>HardResourceLimits</key>
  <dict>
    <key>Core</key>
    <integer>0</integer>
  </dict>
  <key>StandardOutPath</key>
  <string>${xml(logFile)}</string>
  <key>StandardErrorPath</key>
  <string>${xml(logFile)}</string>
</dict>
</plist>
`;
}
