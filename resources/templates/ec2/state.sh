#!/bin/bash
# state.sh VOLUME INSTANCE: attaches the state volume of this slot and mounts it at /var/lib/keyrite-proxy, for good.
# Latch and audit log live there and outlive every instance. Whatever is not as expected ends here, and then no proxy starts: one that
# cannot see its latch must not serve.
set -euo pipefail
volume=$1
instance=$2
# The controller's serial number is the volume's id without its dash (Amazon EBS and NVMe).
device=${KEYRITE_DEVICE:-/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume/-/}}
place=${KEYRITE_STATE:-/var/lib/keyrite-proxy}
table=${KEYRITE_FSTAB:-/etc/fstab}
tries=${KEYRITE_TRIES:-120}

fail() { echo "keyrite: $1" >&2; exit 1; }

# The instance before this one may still hold it. Nobody else can: a volume is attached to one instance at a time, and so two proxies
# never share a state folder.
for ((try = 0; ; try++)); do
  [ -e "$device" ] && break
  [ "$try" -lt "$tries" ] || fail "the state volume $volume did not come"
  aws ec2 attach-volume --volume-id "$volume" --instance-id "$instance" --device /dev/sdf > /dev/null 2>&1 || true
  sleep "${KEYRITE_PAUSE:-5}"
done

# Formatted once, and only if it is as new: every byte of the first MiB zero, and nothing that blkid knows. A volume that was written
# to and cannot be read may hold a latch that says killed.
kind=$(blkid -p -s TYPE -o value "$device" || [ $? -eq 2 ])
if [ -z "$kind" ]; then
  cmp --silent --bytes=1048576 "$device" /dev/zero || fail "the state volume $volume holds something that is no file system; it is left as it is"
  mkfs.ext4 -q -F -L keyrite-state "$device"
elif [ "$kind" != ext4 ]; then
  fail "the state volume $volume holds a file system that is not ours ($kind)"
fi

# nofail: without the volume the machine comes up for people to look at it; the unit of the proxy asserts the mount and stays down.
mkdir -p "$place"
grep -q " $place " "$table" || echo "$device $place ext4 nodev,nosuid,noexec,nofail 0 2" >> "$table"
mountpoint --quiet "$place" || mount "$place"
chown keyrite-proxy:keyrite-proxy "$place"
chmod 0700 "$place"
