#!/bin/sh
# Stores the password "secret" in a real keyring (gnome-keyring), and sends with it: keyring.sh FOLDER PROGRAM SERVER CERTIFICATE OUT.
# Runs within dbus-run-session. The keyring is a new one in the folder.
set -eu
mkdir -p "$1/run"
chmod 700 "$1/run"
export HOME="$1" XDG_DATA_HOME="$1/data" XDG_CONFIG_HOME="$1/config" XDG_RUNTIME_DIR="$1/run"
unset PARTNERBOOK_SMTP_PASSWORD
printf unlock | gnome-keyring-daemon --unlock --components=secrets >/dev/null
printf 'secret\n' | "$2" send "$5" --smtp "$3" --save-password
"$2" send "$5" --smtp "$3" --smtp-ca "$4" --from plans@brightwater.example
