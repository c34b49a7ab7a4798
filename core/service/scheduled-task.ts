import { commandOf, MARK, type ServicePlan } from './plan';
import { xml } from './xml';

export const TASK_NAME = 'Keyrite XKS proxy';

/** One argument as Windows programs take a command line apart (CommandLineToArgvW): backslashes count only before a quote. */
export function windowsArgument(text: string): string {
  return `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** A task cannot set variables: what the HSM's library reads has to be set for the user (setx). */
function execOf(plan: ServicePlan): { readonly command: string; readonly args: string } {
  const [command = '', ...words] = commandOf(plan);
  return { command, args: words.map(windowsArgument).join(' ') };
}

/**
 * A task of the Task Scheduler (schema version 1.2): from logon, restarted a minute after it ended with an error.
 * @param user whose logon starts it, DOMAIN\name
 */
export function scheduledTask(plan: ServicePlan, user: string): string {
  const { command, args } = execOf(plan);
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Source>${MARK}</Source>
    <Description>Written by "keyrite service install", removed by "keyrite service uninstall".</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>${xml(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xml(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(command)}</Command>
      <Arguments>${xml(args)}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}
