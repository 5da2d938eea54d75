#!/usr/bin/env bash
# Runs a benchmark. `infra/bench.sh` alone tells which there are.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$here")

usage() {
    cat <<'USAGE'
infra/bench.sh <benchmark>[,<benchmark>...] [--quick] [--rounds=5] [--results=infra/bench/results]
infra/bench.sh all [--quick] [--again]
infra/bench.sh list

Each benchmark runs its baseline beside what it measures, in turn, as many rounds as asked for (odd; the median counts), checks
that nothing was lost or doubled, prints a table and writes JSON and charts. --quick does less of everything, in one round, with Java's
first compiler only, and starts fewer services and servers, for benchmarks share them: to see that it works, not to quote. `all --quick`
leaves out cost-of-an-order, which every build runs, and coordinator, whose shop no other shares. `all` goes on where it was interrupted; --again starts over. `list` tells which benchmarks there are.
Exit status 1: a benchmark failed (a void run, or an order beyond the budget that the build keeps too). A missed target is told, no failure.

Builds what it needs, takes PostgreSQL where tests take it (see infra/services), and starts servers of its own.
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
# The second compiler would take as much work again as the whole build.
MAVEN_OPTS="${MAVEN_OPTS:--XX:TieredStopAtLevel=1}" ./mvnw -B -q -pl infra/bench -am -P '!error-prone' -Dmaven.test.skip=true -Dspotless.check.skip package
# The checker reads whole journals at the end of a round. A quick run ends before the second compiler's work is worth its while; what
# runs in this machine has its baseline there too.
compilers=()
case " $* " in
    *" --quick "*) compilers=(-XX:TieredStopAtLevel=1) ;;
esac
AXONIQ_UPDATE_CHECKER_DISABLED=true exec java -Xmx4g ${compilers[@]+"${compilers[@]}"} -Dlogback.configurationFile=logback-bench.xml \
    -cp "infra/bench/target/classes:$(cat infra/bench/target/classpath)" io.farandole.bench.Bench "$@"
