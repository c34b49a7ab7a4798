#!/bin/bash
# Makes an instance of resources/templates/cloudformation/xks-proxy-fleet.yaml a proxy. Run as root by its user data, from the release in
# /opt/keyrite; may be run again. Everything that is not a secret comes from /etc/keyrite-fleet.env; secrets are fetched by
# keyrite-secrets when the machine starts, and are never in here, in user data or on a disk.
set -euo pipefail
umask 022
set -a
# shellcheck source=/dev/null
. /etc/keyrite-fleet.env
set +a
here=/opt/keyrite/resources/templates

# The slot is a tag of the instance: it decides which state volume is ours. No slot, no proxy.
token=$(curl --silent --fail --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
metadata() { curl --silent --fail --header "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"; }
slot=$(metadata tags/instance/keyrite-slot)
instance=$(metadata instance-id)
case $slot in
  a) volume=$STATE_VOLUME_A ;;
  b) volume=$STATE_VOLUME_B ;;
  *) echo "keyrite: no slot '$slot'" >&2; exit 1 ;;
esac
# The lock in the state folder names its host: a new instance of this slot has the name of the old one, and so can take over from it.
hostnamectl set-hostname "keyrite-proxy-$slot"
echo 'preserve_hostname: true' > /etc/cloud/cloud.cfg.d/90-keyrite.cfg

# fetched FILE KEY SHA256: an object of the bucket that is what the template says it is.
fetched() {
  aws s3 cp --only-show-errors "s3://$ARTEFACT_BUCKET/$2" "$1"
  echo "$3  $1" | sha256sum --check --status || { echo "keyrite: $2 is not what was expected" >&2; exit 1; }
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v node > /dev/null || dnf install --assumeyes --quiet nodejs22
id keyrite-proxy > /dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin keyrite-proxy

# The HSM's client: an archive with an install.sh, which may need the user.
if [ -n "$HSM_CLIENT_KEY" ]; then
  fetched "$work/client.tar.gz" "$HSM_CLIENT_KEY" "$HSM_CLIENT_SHA256"
  install -d -m 0700 "$work/client"
  tar -xzf "$work/client.tar.gz" -C "$work/client" --no-same-owner
  (cd "$work/client" && bash ./install.sh)
fi

# Settings, policy, certificate, unit: the etc folder that was made from the deployment plan. It holds no secret.
fetched "$work/configuration.tar.gz" "$CONFIGURATION_KEY" "$CONFIGURATION_SHA256"
tar -xzf "$work/configuration.tar.gz" -C / --no-same-owner --no-overwrite-dir etc
chown -R root:keyrite-proxy /etc/keyrite-proxy
chmod -R u=rwX,g=rX,o= /etc/keyrite-proxy

printf '#!/bin/sh\nexec /usr/bin/node /opt/keyrite/dist/main/keyrite.js "$@"\n' > /usr/local/bin/keyrite
chmod 0755 /usr/local/bin/keyrite "$here"/ec2/*.sh
[ -e /etc/systemd/system/keyrite-proxy.service ] || install -m 0644 "$here/systemd/keyrite-proxy.service" /etc/systemd/system/
install -D -m 0644 "$here/ec2/fleet.conf" /etc/systemd/system/keyrite-proxy.service.d/zz-fleet.conf
install -m 0644 "$here/ec2/keyrite-secrets.service" /etc/systemd/system/

"$here/ec2/state.sh" "$volume" "$instance"

systemctl daemon-reload
systemctl enable --now keyrite-proxy
