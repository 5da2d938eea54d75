# shellcheck shell=bash
# What the commands under infra/ have in common: progress lines, bounded waits, ports, processes, secrets.
# Sourced, never run. Expects `set -euo pipefail`.

say() { printf '%s\n' "farandole: $*" >&2; }

fail() {
    printf '%s\n' "farandole: $*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }

# wait_until SECONDS WHAT COMMAND...: runs COMMAND until it succeeds, says every five seconds what it waits for.
wait_until() {
    local limit=$1 what=$2 deadline next
    shift 2
    deadline=$((SECONDS + limit))
    next=$((SECONDS + 5))
    until "$@"; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            return 1
        fi
        if [ "$SECONDS" -ge "$next" ]; then
            say "  still waiting for $what ($((deadline - SECONDS)) s left)"
            next=$((SECONDS + 5))
        fi
        sleep 0.1
    done
}

# ---- processes -------------------------------------------------------------------------------------------------------

# A zombie has ended, whatever kill -0 says of it.
process_runs() {
    local pid=${1:-} state
    [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
    [ -r "/proc/$pid/stat" ] || return 0
    state=$(sed 's/^.*) \(.\).*$/\1/' "/proc/$pid/stat" 2>/dev/null) || return 1
    [ "$state" != Z ] && [ "$state" != X ]
}

process_gone() { ! process_runs "$1"; }

# stop_process PID SECONDS WHAT: asks it to end, and insists after SECONDS.
stop_process() {
    local pid=$1 limit=$2 what=$3
    process_runs "$pid" || return 0
    kill -CONT "$pid" 2>/dev/null || true
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_until "$limit" "$what to stop" process_gone "$pid"; then
        say "  $what did not stop within $limit s: killing process $pid"
        kill -KILL "$pid" 2>/dev/null || true
        wait_until 10 "process $pid to be gone" process_gone "$pid" || fail "process $pid ($what) cannot be killed"
    fi
}

# pids_with_environment NAME=VALUE PROGRAM: processes of that program that were started with this environment entry.
# It finds what a killed start script left behind before it could write a pid file. Linux only; elsewhere finds nothing.
pids_with_environment() {
    local entry=$1 program=$2 file pid name
    [ -d /proc/self ] || return 0
    { grep -lzxF -- "$entry" /proc/[0-9]*/environ 2>/dev/null || true; } | while read -r file; do
        pid=${file#/proc/}
        pid=${pid%/environ}
        name=$(cat "/proc/$pid/comm" 2>/dev/null || true)
        case $name in "$program"*) printf '%s\n' "$pid" ;; esac
    done
}

# ---- ports -----------------------------------------------------------------------------------------------------------

port_taken() {
    local hex
    if [ -r /proc/net/tcp ]; then
        hex=$(printf '%04X' "$1")
        # Local address in column 2, state in column 4; 0A is LISTEN.
        awk -v port=":$hex" '$2 ~ port "$" && $4 == "0A" { found = 1 } END { exit !found }' \
            /proc/net/tcp $([ -r /proc/net/tcp6 ] && echo /proc/net/tcp6)
    else
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
    fi
}

port_free() { ! port_taken "$1"; }

# Who has it, as far as this user may know: "process 123 (java)".
port_holder() {
    local who=""
    if have ss; then
        who=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/process \2 (\1)/p' | head -n 1)
    fi
    printf '%s' "${who:-another process}"
}

# A free port between 21000 and 31999: below the range from which the kernel takes ports for outgoing connections.
pick_port() {
    local port attempt
    for attempt in $(seq 1 200); do
        port=$((21000 + (RANDOM * 32768 + RANDOM) % 11000))
        if port_free "$port" && ! grep -qs "=$port\$" "$services_home/ports"; then
            printf '%s' "$port"
            return 0
        fi
    done
    fail "no free port between 21000 and 31999 after $attempt attempts"
}

# ---- files -----------------------------------------------------------------------------------------------------------

# setting FILE NAME: prints its value, or nothing.
setting() {
    [ -r "$1" ] || return 0
    sed -n "s/^$2=//p" "$1" | tail -n 1
}

# remember FILE NAME VALUE: replaced as a whole, so that a kill or a full disk leaves the old or the new file.
remember() {
    replace "$1" "$({ grep -v "^$2=" "$1" 2>/dev/null || true; } && printf '%s=%s' "$2" "$3")"
}

forget() {
    [ -e "$1" ] || return 0
    replace "$1" "$(grep -v "^$2=" "$1" || true)"
}

# replace FILE TEXT: readable by this user only, for some of it is secret.
replace() {
    (umask 077 && printf '%s\n' "$2" >"$1.next") 2>/dev/null && mv -f "$1.next" "$1" \
        || fail "cannot write $1 ($(megabytes_free "$(dirname "$1")") MB are free there)"
}

# secret NAME: a random password of 32 letters and digits, the same for ever; readable by this user only.
secret() {
    local value
    value=$(setting "$services_home/secrets" "$1")
    if [ -z "$value" ]; then
        value=$(od -An -N 16 -tx1 /dev/urandom | tr -d ' \n')
        remember "$services_home/secrets" "$1" "$value"
    fi
    printf '%s' "$value"
}

# megabytes_free DIRECTORY
megabytes_free() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }

# fill TEMPLATE NAME VALUE NAME VALUE...: prints the file with every ${NAME} replaced.
fill() {
    local text
    text=$(cat "$1")
    shift
    while [ $# -gt 0 ]; do
        text=${text//"\${$1}"/"$2"}
        shift 2
    done
    printf '%s\n' "$text"
}

# Percent-decoding, for user and password in a URL.
url_decode() { printf '%b' "${1//%/\\x}"; }

docker_answers() {
    [ "${FARANDOLE_DOCKER:-auto}" != never ] && have docker && timeout 5 docker info >/dev/null 2>&1 \
        && timeout 5 docker compose version >/dev/null 2>&1
}

# ---- children --------------------------------------------------------------------------------------------------------

# spawn COMMAND...: in the background and in a session of its own, so that Ctrl-C reaches this script alone, which then
# ends its children in order. Sets spawned_pid, which is also the number of the process group.
spawn() {
    if have setsid; then
        setsid "$@" &
    else
        "$@" &
    fi
    spawned_pid=$!
}

# end_group PID SECONDS WHAT: a child that spawn started, with all that it started itself.
end_group() {
    local pid=$1 limit=$2 what=$3
    process_runs "$pid" || return 0
    ask_group_to_end "$pid"
    if ! wait_until "$limit" "$what to end" process_gone "$pid"; then
        say "  $what did not end within $limit s: killing it"
        kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
        wait_until 5 "$what to be gone" process_gone "$pid" || true
    fi
    # Takes note of its end here, where the shell's own message about it can be kept off the page.
    { wait "$pid" || true; } 2>/dev/null
}

ask_group_to_end() {
    kill -CONT -- "-$1" 2>/dev/null || true
    kill -TERM -- "-$1" 2>/dev/null || kill -TERM "$1" 2>/dev/null || true
}
