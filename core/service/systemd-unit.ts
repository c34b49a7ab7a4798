import { commandOf, MARK, type ServicePlan } from './plan';

/** One word for a unit file (systemd.syntax(7), systemd.service(5) "Command lines"): quotes, backslashes, specifiers, variables. */
function word(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

/** In a command line a dollar begins a variable; in an assignment of Environment= it does not. */
const argument = (text: string): string => word(text).replaceAll('$', '$$$$');

/**
 * A user unit: the proxy from login to logout, or from boot with lingering. What a user's own manager cannot do without rights
 * (mounts, other users, devices) is left out; resources/templates/systemd has the unit of a server.
 */
export function systemdUnit(plan: ServicePlan): string {
  const environment = Object.entries(plan.environment).map(([name, value]) => `Environment=${word(`${name}=${value}`)}`);
  return `# ${MARK}: written by "keyrite service install", removed by "keyrite service uninstall".
# Changes of your own go into a drop-in: systemctl --user edit keyrite-proxy

[Unit]
Description=Keyrite XKS proxy (AWS KMS external key store)
# It comes back however often it dies. It cannot lock the token meanwhile: once a PIN was refused, no start tries it again.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${commandOf(plan).map(argument).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
# Exit 2: the settings cannot be used; 3: this machine lacks something. Neither gets better by starting again.
Restart=on-failure
RestartSec=100ms
RestartPreventExitStatus=2 3
# A reload in the very moment of a start finds nobody who hears it, and SIGHUP counts as an end that was asked for: start again then.
RestartForceExitStatus=SIGHUP
# First the proxy alone, which lets requests finish and logs out; whatever is left after that is killed with its HSM processes.
KillMode=mixed
TimeoutStopSec=10s
UMask=0077

# No memory image on disk: it would hold the PIN. No variable that would load code into the processes that see it.
LimitCORE=0
UnsetEnvironment=NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT
Environment=NODE_ENV=production
${environment.map((line) => `${line}\n`).join('')}
NoNewPrivileges=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# AF_NETLINK: how the C library asks for the machine's addresses; a network HSM's client does.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
# V8 writes the machine code that it then runs.
MemoryDenyWriteExecute=no

[Install]
WantedBy=default.target
`;
}
