#!/usr/bin/env bash
# Writes what an installed partnerbook has besides its executable: manual pages and completions. packaging/share.sh EXECUTABLE FOLDER
set -euo pipefail
program="$1"
share="$2"
rm -rf "$share"
mkdir -p "$share"/{man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
"$program" man "$share/man/man1" >/dev/null
"$program" completions bash >"$share/bash-completion/completions/partnerbook"
"$program" completions zsh >"$share/zsh/site-functions/_partnerbook"
"$program" completions fish >"$share/fish/vendor_completions.d/partnerbook.fish"
