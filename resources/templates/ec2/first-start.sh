#!/bin/bash
# Before every start of the proxy, as root. A state folder without a latch would be a first start, and a first start comes up armed:
# here it comes up killed, and a person arms it (keyrite arm). So neither a new volume, nor one whose first boot was cut off, nor one that
# lost its latch lets a proxy serve by itself.
set -euo pipefail
place=${KEYRITE_STATE:-/var/lib/keyrite-proxy}
[ -e "$place/latch.json" ] && exit 0
exec keyrite kill --state "$place" --by fleet --reason 'no latch on this volume: a person arms it'
