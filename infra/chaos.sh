#!/usr/bin/env bash
# Breaks a shop in every way, again and again, and tells whether it stayed right. `infra/chaos.sh help` tells how to use it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$here")

usage() {
    cat <<'USAGE'
infra/chaos.sh [--minutes=10] [--seed=S]

Opens a shop on servers of its own: PostgreSQL, RabbitMQ, a payment provider, two instances of every service. Customers order all the
time, some change their minds, every message is published twice. Meanwhile processes and servers are killed and frozen, connections cut,
delayed, half open, sessions ended, permissions revoked, bindings removed, poison published: what, when and to whom follows from the
seed. At the end all is healed; every accepted order must end, and the checker must find the books of all contexts in order.

Prints the seed, every fault as it happens, and the verdict. Exit status 0: passed, 1: not, 2: it could not be run.
The services' logs are in infra/acceptance/target/chaos. Needs about 4 GB of memory. Two runs may go on side by side.
USAGE
}

arguments=()
while [ $# -gt 0 ]; do
    case $1 in
        help | -h | --help)
            usage
            exit 0
            ;;
        --minutes | --seed)
            [ $# -ge 2 ] || { usage >&2; exit 2; }
            arguments+=("$1=$2")
            shift
            ;;
        --minutes=* | --seed=*) arguments+=("$1") ;;
        *)
            usage >&2
            printf 'farandole: there is no option %s\n' "$1" >&2
            exit 2
            ;;
    esac
    shift
done

cd "$root"
echo "building ..."
./mvnw -B -q -pl infra/acceptance -am -P '!error-prone' -Dmaven.test.skip=true -Dspotless.check.skip package
mkdir -p "infra/acceptance/target/chaos/$$"
cd "infra/acceptance/target/chaos/$$"
AXONIQ_UPDATE_CHECKER_DISABLED=true exec java -Xmx2g -Dlogback.configurationFile=logback-chaos.xml \
    -cp "$root/infra/acceptance/target/classes:$(cat "$root/infra/acceptance/target/classpath")" \
    io.farandole.acceptance.chaos.ChaosApplication ${arguments[@]+"${arguments[@]}"}
