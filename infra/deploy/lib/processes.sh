# shellcheck shell=bash
# Looks after the services of `infra/run`: starts them, waits for them, starts again what died, ends them.
# Sourced by infra/run, which sets root, logs, state and java.

service_names=()
declare -A service_port service_jar service_ready service_environment service_pid service_started service_due service_backoff

# define NAME PORT MODULE READY-URL NAME=VALUE...: READY-URL may be empty, for Spring Boot's own.
define() {
    local name=$1 port=$2 module=$3 ready=$4
    shift 4
    service_names+=("$name")
    service_port[$name]=$port
    service_jar[$name]=$(app_jar "$module")
    service_ready[$name]=${ready:-http://127.0.0.1:$port/actuator/health/readiness}
    service_environment[$name]=$(printf '%s\n' "$@")
    service_backoff[$name]=1
    service_due[$name]=0
}

start_service() {
    local name=$1 environment=() options
    mapfile -t environment <<<"${service_environment[$name]}"
    # The first compiler only: three cold services on two cores are ready in half the time, and warm after a few orders. What
    # runs for days under load does better without that option.
    read -r -a options <<<"${FARANDOLE_JAVA_OPTS:--Xmx384m -XX:TieredStopAtLevel=1}"
    # Nothing of this script's own environment but what a program may expect: no service sees another's passwords.
    spawn env -i PATH="$PATH" HOME="${HOME:-/}" LANG="${LANG:-C.UTF-8}" TZ="${TZ:-}" "FARANDOLE_RUN=$root" "${environment[@]}" \
        "$java" -Ddisable-axoniq-console-message=true "${options[@]}" -jar "${service_jar[$name]}" </dev/null >>"$logs/$name.log" 2>&1 8>&-
    service_pid[$name]=$spawned_pid
    service_started[$name]=$SECONDS
}

start_services() {
    local name
    for name in "${service_names[@]}"; do
        : >"$logs/$name.log"
        start_service "$name"
        say "$name: starting on port ${service_port[$name]} (process ${service_pid[$name]})"
    done
}

service_is_ready() { curl -sf -o /dev/null --connect-timeout 1 --max-time 3 "${service_ready[$1]}"; }

await_services() {
    local limit=$1 name since=$SECONDS waiting=("${service_names[@]}") still next
    next=$((SECONDS + 10))
    while [ "${#waiting[@]}" -gt 0 ]; do
        still=()
        for name in "${waiting[@]}"; do
            if process_gone "${service_pid[$name]}"; then
                service_failed "$name" "has ended before it was ready"
            elif service_is_ready "$name"; then
                say "$name: ready after $((SECONDS - since)) s"
            else
                still+=("$name")
            fi
        done
        waiting=("${still[@]}")
        if [ "${#waiting[@]}" -gt 0 ]; then
            [ $((SECONDS - since)) -lt "$limit" ] || service_failed "${waiting[0]}" "is not ready after $limit s"
            if [ "$SECONDS" -ge "$next" ]; then
                say "  still waiting for: ${waiting[*]}"
                next=$((SECONDS + 10))
            fi
            pause 0.2
        fi
    done
}

service_failed() {
    say "$1 $2; the last lines of $logs/$1.log:"
    tail -n 25 "$logs/$1.log" >&2 || true
    if grep -q 'No space left on device' "$logs/$1.log"; then
        fail "the disk is full"
    fi
    exit 1
}

# Starts again what died, later each time it dies soon after its start: after 1, 2, 4 ... 30 s.
look_after_services() {
    local name status
    for name in "${service_names[@]}"; do
        if [ "${service_due[$name]}" = 0 ]; then
            process_gone "${service_pid[$name]}" || continue
            status=0
            wait "${service_pid[$name]}" 2>/dev/null || status=$?
            if [ $((SECONDS - service_started[$name])) -gt 60 ]; then
                service_backoff[$name]=1
            fi
            say "$name has died (exit code $status); starting it again in ${service_backoff[$name]} s"
            service_due[$name]=$((SECONDS + service_backoff[$name]))
            service_backoff[$name]=$((service_backoff[$name] * 2 > 30 ? 30 : service_backoff[$name] * 2))
        elif [ "$SECONDS" -ge "${service_due[$name]}" ]; then
            service_due[$name]=0
            start_service "$name"
            say "$name: started again (process ${service_pid[$name]})"
        fi
    done
}

# A sleep that a signal interrupts at once, as the shell heeds signals during wait only.
pause() {
    local sleeper status=0
    sleep "$1" &
    sleeper=$!
    wait "$sleeper" || status=$?
    return 0
}

# All services at once, and at last the provider that they call.
end_services() {
    local name pid deadline=$((SECONDS + 30)) left
    for name in "${service_names[@]}"; do
        pid=${service_pid[$name]:-}
        if [ "$name" != provider ] && process_runs "$pid"; then
            say "$name: stopping"
            ask_group_to_end "$pid"
        fi
    done
    for name in "${service_names[@]}"; do
        pid=${service_pid[$name]:-}
        left=$((deadline - SECONDS))
        if [ "$name" != provider ] && [ -n "$pid" ]; then
            end_group "$pid" $((left > 1 ? left : 1)) "$name"
        fi
    done
    pid=${service_pid[provider]:-}
    if [ -n "$pid" ]; then
        end_group "$pid" 10 "the payment provider"
    fi
}

# What an earlier run left behind when it was killed and could not end its services.
end_leftovers() {
    local pid
    for pid in $(pids_with_environment "FARANDOLE_RUN=$root" java); do
        say "process $pid is left over from an earlier infra/run, which was killed: stopping it"
        stop_process "$pid" 20 "process $pid"
    done
}
