#!/usr/bin/env bash
# Runs a benchmark. `infra/bench.sh` alone tells which there are.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$here")

usage() {
    cat <<'USAGE'
infra/bench.sh <benchmark> [--rounds=5] [--samples=40] [--results=infra/bench/results]

  append-to-handler   from the call that appends an event until a handler in the same JVM has it: the journal against
                      Axon's own embedded store and JDBC engine, interleaved; about three minutes
  cost-of-an-order    counts commits, round trips to the databases, flushes, messages per order, through three services, one by one
                      and saturated; about five minutes; exit code 1 beyond the budget that the build keeps too

Builds what it needs, takes PostgreSQL where tests take it (see infra/services), prints a table and writes JSON.
Servers run with fsync and synchronous commit on: anything else voids a run.
USAGE
}

case ${1:-help} in
    help | -h | --help)
        usage
        exit 0
        ;;
esac

cd "$root"
echo "building ..."
./mvnw -B -q -pl infra/bench -am -DskipTests package
AXONIQ_UPDATE_CHECKER_DISABLED=true exec java -Xmx512m \
    -cp "infra/bench/target/classes:$(cat infra/bench/target/classpath)" io.farandole.bench.Bench "$@"
