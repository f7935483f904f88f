#!/usr/bin/env bash
# Runs the Snakemake example on 400 workbooks in 8 shards, kills one shard midway, resumes, and compares the result with one run,
# byte for byte. Arguments: the partnerbook program, the Snakemake program, an empty folder.
set -euo pipefail
program="$(realpath "$1")" snakemake="$2" place="$3"
here="$(cd "$(dirname "$0")/.." && pwd)"
mkdir -p "$place/inbox"
for copy in $(seq 57); do
  mkdir "$place/inbox/$copy"
  cp "$here"/samples/*.xlsx "$place/inbox/$copy"
done
echo "no workbook" > "$place/inbox/1/broken.xlsx"
cp "$here/examples/snakemake/Snakefile" "$place"
sed "s|^date:.*|date: 2026-11-23|" "$here/examples/snakemake/config.yaml" > "$place/config.yaml"
echo "program: $program" >> "$place/config.yaml"
cd "$place"

status=0
"$program" report inbox --date 2026-11-23 -o one --quiet 2> one.log || status=$?
test "$status" = 3

# Wait until shard 3 has created a part of its plans, then kill it.
"$snakemake" --cores 2 --config retries=0 > first.log 2>&1 &
run=$!
for _ in $(seq 6000); do
  plans="$(find shards/3/plans -name '*.pdf' 2>/dev/null | wc -l)" || plans=0
  ((plans < 5)) || break
  sleep 0.01
done
pkill -KILL -f -- "--shard 3/8" || { echo "shard 3 was not killed: it had finished"; exit 1; }
if wait "$run"; then echo "the first run must fail"; exit 1; fi
test ! -e shards/3/shard.json
before="$(find shards/3/plans -name '*.pdf' | wc -l)"

"$snakemake" --cores 2 --rerun-incomplete > second.log 2>&1 || { cat second.log; exit 1; }
after="$(find shards/3/plans -name '*.pdf' | wc -l)"
((before < after))
diff -r --exclude '.*' one out
test "$(find out/plans -name '*.pdf' | wc -l)" = 399
echo "merged 8 shards, one of them killed with $before of $after plans; all files are those of one run"

# The same on few workbooks without a shared file system: each job gets its input from a storage and gives its folder to it.
mkdir -p far/store
cp -r inbox/1 far/store/inbox
cp Snakefile far
cat > far/config.yaml <<CONFIG
inbox: inbox
output: out
date: 2026-11-23
shards: 3
program: $program
shared_file_system: false
CONFIG
(cd far/store && "$program" report inbox --date 2026-11-23 -o ../one --quiet 2> ../one.log) || test $? = 3
(
  cd far
  "$snakemake" --cores 2 --default-storage-provider fs --default-storage-prefix "$PWD/store" \
    --local-storage-prefix local --shared-fs-usage none > run.log 2>&1 || { cat run.log; exit 1; }
)
diff -r far/one/plans far/store/out/plans
diff far/one/results.jsonl far/store/out/results.jsonl
echo "3 shards through a storage"
