/** Who a caller is when its session is over: `arn:aws:sts::1:assumed-role/NAME/session` is role NAME, whatever the role's path. */
export function principalOf(arn: string): string {
  const session = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn);
  const role = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn);
  const [, partition, account, name] = session ?? role ?? [];
  return name === undefined ? arn : `${partition ?? ''} ${account ?? ''} role ${name}`;
}
