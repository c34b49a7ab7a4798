#!/bin/bash
# Fetches the secrets with the role of the instance into memory (/run is a tmpfs), when the machine starts;
# systemctl restart keyrite-secrets && systemctl reload keyrite-proxy takes over a new secret access key or TLS key.
# A secret goes from Secrets Manager into its file by a pipe: no argument, no variable, no log.
set -euo pipefail
umask 077
folder=${RUNTIME_DIRECTORY:?}
user=${KEYRITE_USER:-keyrite-proxy}

# secret NAME ARN OWNER: all of it or nothing, under a name that appears when it is whole.
secret() {
  aws secretsmanager get-secret-value --secret-id "$2" --query SecretString --output text > "$folder/.$1"
  # "None" is what the terminal of AWS says of a secret that is no text: as a PIN it would cost a try.
  if [ ! -s "$folder/.$1" ] || [ "$(head -c 5 "$folder/.$1" | tr -d '\n')" = None ]; then
    rm -f "$folder/.$1"
    echo "keyrite: there is no text in the secret for $1" >&2
    exit 1
  fi
  chown "$3" "$folder/.$1"
  mv -f "$folder/.$1" "$folder/$1"
}

# systemd reads the PIN and hands it over; the other two are read anew by a reload, so the proxy itself has to be able to.
secret pin "$PIN_SECRET_ARN" "${KEYRITE_PIN_OWNER:-root}"
secret sigv4 "$SIGV4_SECRET_ARN" "$user"
secret tls-key.pem "$TLS_KEY_SECRET_ARN" "$user"
