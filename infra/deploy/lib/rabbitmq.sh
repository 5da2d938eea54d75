# shellcheck shell=bash
# RabbitMQ for `infra/services`: a named broker, a container, or a private node.
# Sourced by infra/services, which sets services_home, deploy and ports_file.

mq_admin=farandole-admin
mq_vhost=farandole

mq_find_bin() {
    local candidate
    if [ -n "${FARANDOLE_RABBITMQ_BIN:-}" ]; then
        [ -x "$FARANDOLE_RABBITMQ_BIN/rabbitmq-server" ] || fail "FARANDOLE_RABBITMQ_BIN=$FARANDOLE_RABBITMQ_BIN holds no rabbitmq-server"
        printf '%s' "$FARANDOLE_RABBITMQ_BIN"
        return
    fi
    # Not /usr/sbin: Debian's wrappers there switch user and folder.
    for candidate in /usr/lib/rabbitmq/bin /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin /opt/rabbitmq/sbin /opt/homebrew/opt/rabbitmq/sbin /usr/local/opt/rabbitmq/sbin; do
        if [ -x "$candidate/rabbitmq-server" ]; then
            printf '%s' "$candidate"
            return
        fi
    done
}

mq_need_bin() {
    mq_bin=$(mq_find_bin)
    if [ -z "$mq_bin" ] && apt_works; then
        apt_install rabbitmq-server || true
        mq_bin=$(mq_find_bin)
    fi
    [ -n "$mq_bin" ] || fail "RabbitMQ is not installed. Do one of: install it (Debian: apt-get install rabbitmq-server;" \
        "macOS: brew install rabbitmq), start Docker, or name a broker: FARANDOLE_RABBITMQ_URL=amqp://admin:password@host:5672" \
        "and FARANDOLE_RABBITMQ_MANAGEMENT_URL=http://host:15672"
    have epmd || fail "RabbitMQ is there but Erlang's epmd is not: install erlang-base"
}

# ---- start and stop --------------------------------------------------------------------------------------------------

# mq_process WHAT PROGRAM: the process remembered as WHAT (rabbitmq, epmd), or found by its environment after a start
# script was killed before it could remember it.
mq_process() {
    local pid
    pid=$(setting "$services_home/state" "$1_pid")
    if process_runs "$pid" && mq_is_ours "$pid"; then
        printf '%s' "$pid"
        return
    fi
    pids_with_environment "FARANDOLE_SERVER=rabbitmq:$services_home" "$2" | head -n 1
}

mq_is_ours() {
    if [ -r "/proc/$1/environ" ]; then
        grep -qzxF -- "FARANDOLE_SERVER=rabbitmq:$services_home" "/proc/$1/environ" 2>/dev/null
    else
        ps -ww -o args= -p "$1" 2>/dev/null | grep -qF -e "$services_home" -e epmd
    fi
}

mq_pid() { mq_process rabbitmq beam; }

mq_start_private() {
    local base="$services_home/rabbitmq" pid port
    mq_need_bin
    pid=$(mq_pid)
    port=$(setting "$ports_file" rabbitmq)
    if [ -n "$pid" ]; then
        if [ -n "$port" ] && wait_until 180 "RabbitMQ (process $pid) to answer" mq_answers_or_died "$pid" && process_runs "$pid"; then
            remember "$services_home/state" rabbitmq_pid "$pid"
            say "RabbitMQ already runs on 127.0.0.1:$port (process $pid)"
            return
        fi
        say "  RabbitMQ (process $pid), left over from an earlier start, does not answer: stopping it"
        stop_process "$pid" 15 RabbitMQ
    fi
    mkdir -p "$base/home" "$base/log" "$base/mnesia"
    [ "$(megabytes_free "$base")" -ge 200 ] || fail "the disk is full: $(megabytes_free "$base") MB are free under $base, RabbitMQ needs 200 MB to start"
    mq_start_epmd
    port=$(private_port rabbitmq "${FARANDOLE_RABBITMQ_PORT_FIXED:-}" RabbitMQ)
    private_port management "" "RabbitMQ's management" >/dev/null
    private_port rabbitmq_dist "" "RabbitMQ's inner distribution" >/dev/null
    mq_write_settings "$base"
    say "RabbitMQ: starting on 127.0.0.1:$port (takes some six seconds)"
    pid=$(mq_launch "$base")
    remember "$services_home/state" rabbitmq_pid "$pid"
    if ! wait_until 180 "RabbitMQ to be ready" mq_answers_or_died "$pid" || process_gone "$pid"; then
        mq_start_failed "$base" "$pid" "$port"
    fi
    say "RabbitMQ runs on 127.0.0.1:$port (process $pid), data in $base/mnesia"
}

# Erlang's port mapper, on a port of its own and started by us, so that we know its process and can stop it.
mq_start_epmd() {
    local pid port
    pid=$(mq_process epmd epmd)
    port=$(setting "$ports_file" epmd)
    if [ -n "$pid" ] && [ -n "$port" ]; then
        # Left over from a killed node; as good as a new one.
        remember "$services_home/state" epmd_pid "$pid"
        return
    fi
    port=$(private_port epmd "" "Erlang's port mapper")
    env -i PATH="$PATH" FARANDOLE_SERVER="rabbitmq:$services_home" \
        setsid epmd -port "$port" -address 127.0.0.1 </dev/null >"$services_home/rabbitmq/log/epmd.log" 2>&1 9>&- &
    pid=$!
    disown
    remember "$services_home/state" epmd_pid "$pid"
    wait_until 10 "Erlang's port mapper" port_taken "$port" || fail "Erlang's port mapper did not start on port $port; see $services_home/rabbitmq/log/epmd.log"
}

mq_node() { printf 'farandole-%s@localhost' "$(printf '%s' "$services_home" | cksum | cut -d ' ' -f 1)"; }

mq_environment() {
    local base="$services_home/rabbitmq"
    printf '%s\n' \
        "HOME=$base/home" \
        "PATH=$PATH" \
        "LANG=C.UTF-8" \
        "FARANDOLE_SERVER=rabbitmq:$services_home" \
        "RUNNING_UNDER_SYSTEMD=true" \
        "RABBITMQ_NODENAME=$(mq_node)" \
        "ERL_EPMD_PORT=$(setting "$ports_file" epmd)" \
        "ERL_EPMD_ADDRESS=127.0.0.1" \
        "RABBITMQ_DIST_PORT=$(setting "$ports_file" rabbitmq_dist)" \
        "RABBITMQ_CONFIG_FILE=$base/rabbitmq.conf" \
        "RABBITMQ_ADVANCED_CONFIG_FILE=$base/advanced.config" \
        "RABBITMQ_CONF_ENV_FILE=$base/rabbitmq-env.conf" \
        "RABBITMQ_ENABLED_PLUGINS_FILE=$base/enabled_plugins" \
        "RABBITMQ_MNESIA_BASE=$base/mnesia" \
        "RABBITMQ_MNESIA_DIR=$base/mnesia/node" \
        "RABBITMQ_LOG_BASE=$base/log" \
        "RABBITMQ_LOGS=$base/log/rabbitmq.log" \
        "RABBITMQ_PID_FILE=$base/rabbitmq.pid" \
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none +sbwtdcpu none +sbwtdio none"
}

mq_write_settings() {
    local base=$1
    (
        umask 077
        if ! [ -s "$base/home/.erlang.cookie" ]; then
            secret erlang_cookie >"$base/home/.erlang.cookie"
            chmod 400 "$base/home/.erlang.cookie"
        fi
        cat >"$base/rabbitmq.conf" <<SETTINGS
listeners.tcp.1 = 127.0.0.1:$(setting "$ports_file" rabbitmq)
management.tcp.ip = 127.0.0.1
management.tcp.port = $(setting "$ports_file" management)
default_vhost = $mq_vhost
default_user = $mq_admin
default_pass = $(secret rabbitmq_admin)
default_user_tags.administrator = true
log.file.level = info
log.console = false
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.relative = 0.4
raft.wal_max_size_bytes = 33554432
collect_statistics_interval = 2000
SETTINGS
        # The management API shows a queue's policy only after the queue's first tick; start-up waits for that.
        printf '%s\n' '[{kernel, [{inet_dist_use_interface, {127,0,0,1}}]}, {rabbit, [{quorum_tick_interval, 1000}]}].' >"$base/advanced.config"
        cat "$deploy/rabbitmq/enabled_plugins" >"$base/enabled_plugins"
        : >"$base/rabbitmq-env.conf"
    )
}

# Prints the process number: with RUNNING_UNDER_SYSTEMD the script becomes the Erlang machine, and keeps its number.
mq_launch() {
    local base=$1 environment=()
    mapfile -t environment < <(mq_environment)
    rm -f "$base/rabbitmq.pid"
    (
        cd "$base"
        exec setsid env -i "${environment[@]}" "$mq_bin/rabbitmq-server" </dev/null >"$base/log/start.log" 2>&1 9>&-
    ) >/dev/null 2>&1 &
    printf '%s' "$!"
}

mq_start_failed() {
    local base=$1 pid=$2 port=$3 taken=""
    tail -n 20 "$base/log/start.log" >&2 || true
    tail -n 10 "$base/log/rabbitmq.log" >&2 2>/dev/null || true
    stop_process "$pid" 10 RabbitMQ
    forget "$services_home/state" rabbitmq_pid
    if grep -qs 'eaddrinuse\|already_started\|port.*in use' "$base/log/start.log" || tail -n 60 "$base/log/rabbitmq.log" 2>/dev/null | grep -q eaddrinuse; then
        taken=yes
        forget "$ports_file" rabbitmq
        forget "$ports_file" management
        forget "$ports_file" rabbitmq_dist
    fi
    if tail -n 60 "$base/log/start.log" "$base/log/rabbitmq.log" 2>/dev/null | grep -q 'enospc\|no space left' || [ "$(megabytes_free "$base")" -lt 20 ]; then
        fail "RabbitMQ did not start: the disk that holds $base is full. Free some space and start again; its data is kept"
    fi
    [ -z "$taken" ] || fail "RabbitMQ did not start: one of its ports ($port) was taken meanwhile. Start again: other ports will be picked"
    fail "RabbitMQ did not start within 180 s; the reason stands above and in $base/log"
}

mq_stop_private() {
    local pid
    pid=$(mq_pid)
    if [ -n "$pid" ]; then
        say "RabbitMQ: stopping (process $pid)"
        stop_process "$pid" 40 RabbitMQ
        say "RabbitMQ has stopped; its data stays in $services_home/rabbitmq/mnesia"
    else
        say "RabbitMQ does not run"
    fi
    for pid in $(mq_process epmd epmd); do
        stop_process "$pid" 5 "Erlang's port mapper"
    done
    forget "$services_home/state" rabbitmq_pid
    forget "$services_home/state" epmd_pid
}

mq_reset_private() {
    local name
    rm -rf "$services_home/rabbitmq"
    for name in rabbitmq management rabbitmq_dist epmd; do
        forget "$ports_file" "$name"
    done
}

# ---- the management API ----------------------------------------------------------------------------------------------

# Sets mq_host, mq_port, mq_management, mq_user, mq_password for the broker in use.
mq_address() {
    local rest credentials
    case $(setting "$services_home/state" rabbitmq_mode) in
        named)
            rest=${FARANDOLE_RABBITMQ_URL:-$(setting "$services_home/state" rabbitmq_url)}
            rest=${rest#*://}
            mq_user=${FARANDOLE_RABBITMQ_ADMIN_USER:-$(setting "$services_home/secrets" rabbitmq_named_user)}
            mq_password=${FARANDOLE_RABBITMQ_ADMIN_PASSWORD:-$(setting "$services_home/secrets" rabbitmq_named_password)}
            if [[ $rest == *@* ]]; then
                credentials=${rest%@*}
                rest=${rest##*@}
                mq_user=$(url_decode "${credentials%%:*}")
                mq_password=$(url_decode "${credentials#*:}")
            fi
            rest=${rest%%/*}
            mq_host=${rest%%:*}
            mq_port=5672
            if [[ $rest == *:* ]]; then
                mq_port=${rest##*:}
            fi
            mq_management=${FARANDOLE_RABBITMQ_MANAGEMENT_URL:-$(setting "$services_home/state" rabbitmq_management)}
            mq_management=${mq_management:-http://$mq_host:15672}
            [ -n "$mq_user" ] && [ -n "$mq_password" ] \
                || fail "FARANDOLE_RABBITMQ_URL needs an administrator: amqp://user:password@host:5672, or set FARANDOLE_RABBITMQ_ADMIN_USER and FARANDOLE_RABBITMQ_ADMIN_PASSWORD"
            ;;
        *)
            mq_host=127.0.0.1
            mq_port=$(setting "$ports_file" rabbitmq)
            mq_management="http://127.0.0.1:$(setting "$ports_file" management)"
            mq_user=$mq_admin
            mq_password=$(setting "$services_home/secrets" rabbitmq_admin)
            ;;
    esac
}

# mq_api METHOD PATH: with the body from standard input. The password goes by standard input's neighbour, not by the
# command line, where every user of the machine could read it.
mq_api() {
    mq_address
    curl -sS --fail-with-body --connect-timeout 3 --max-time 30 -X "$1" -H 'content-type: application/json' --data-binary @- \
        -K <(printf 'user = "%s:%s"\n' "$mq_user" "$mq_password") "$mq_management/api/$2" 9>&-
}

mq_get() {
    mq_address
    curl -sS --fail --connect-timeout 3 --max-time 10 -K <(printf 'user = "%s:%s"\n' "$mq_user" "$mq_password") "$mq_management/api/$1" 9>&-
}

mq_answers() {
    [ -n "$(setting "$ports_file" management)" ] || [ "$(setting "$services_home/state" rabbitmq_mode)" = named ] || return 1
    mq_address
    mq_get "health/checks/port-listener/$mq_port" >/dev/null 2>&1
}

mq_answers_or_died() { mq_answers || process_gone "$1"; }

# RabbitMQ's own form of a password: base64 of four random bytes and the SHA-256 of those and the password.
# The salt is derived from the password, so that the same password gives the same definitions at every start.
mq_hash() {
    local password=$1 salt sum
    salt=$(printf 'salt%s' "$password" | sha256sum | cut -c 1-8)
    sum=$({ mq_bytes "$salt" && printf '%s' "$password"; } | sha256sum | cut -c 1-64)
    mq_bytes "$salt$sum" | base64 | tr -d '\n'
}

# shellcheck disable=SC2059
mq_bytes() { printf "$(printf '%s' "$1" | sed 's/../\\x&/g')"; }

# The shop's exchanges, queues, bindings, policies, users and permissions, as definitions.json declares them.
mq_provision_shop() {
    local context words=()
    for context in order stock payment; do
        words+=("${context}_password_hash" "$(mq_hash "$(secret "${context}_rabbitmq")")")
    done
    fill "$deploy/rabbitmq/definitions.json" "${words[@]}" | mq_import
}

mq_import() {
    local answer
    answer=$(mq_api POST definitions) || fail "RabbitMQ refused the definitions: $answer"
}

# mq_provision CONTEXT FOLLOWS: one more context; FOLLOWS lists wire types, stock.stock-reserved.v1,order.order-placed.v1
mq_provision() {
    local context=$1 follows=$2 type source sources="" regex topics="" bindings="" exchanges=""
    for type in ${follows//,/ }; do
        source=${type%%.*}
        bindings+="{\"source\": \"$source.events\", \"vhost\": \"$mq_vhost\", \"destination\": \"$context.inbox\", \"destination_type\": \"queue\", \"routing_key\": \"$type\", \"arguments\": {}},"
        case " $sources " in
            *" $source "*) ;;
            *) sources="$sources $source" ;;
        esac
    done
    for source in $sources; do
        # A followed context that is not there yet gets its exchange, as its own definitions would declare it.
        printf '{"exchanges": [{"name": "%s.events", "vhost": "%s", "type": "topic", "durable": true, "auto_delete": false, "internal": false, "arguments": {}}, {"name": "%s.backfill", "vhost": "%s", "type": "direct", "durable": true, "auto_delete": false, "internal": false, "arguments": {}}]}' \
            "$source" "$mq_vhost" "$source" "$mq_vhost" | mq_import
        bindings+="{\"source\": \"$source.backfill\", \"vhost\": \"$mq_vhost\", \"destination\": \"$context.backfill\", \"destination_type\": \"queue\", \"routing_key\": \"$context\", \"arguments\": {}},"
        exchanges+="|$source\\\\.events"
        regex=$(printf '%s\n' ${follows//,/ } | grep "^$source\\." | sed 's/\./\\\\./g' | paste -sd '|' -)
        topics+=", {\"user\": \"$context\", \"vhost\": \"$mq_vhost\", \"exchange\": \"$source.events\", \"write\": \"^\$\", \"read\": \"^($regex)\$\"}"
    done
    fill "$deploy/rabbitmq/context.json" context "$context" vhost "$mq_vhost" password_hash "$(mq_hash "$(secret "${context}_rabbitmq")")" \
        followed_exchanges "$exchanges" topic_permissions "$topics" bindings "$bindings" | mq_import
}

# mq_provision_sender SENDER TYPES: a service that sends commands; TYPES lists wire types, order.place-order.v1,stock.receive-goods.v1
mq_provision_sender() {
    local sender=$1 types=$2 type context contexts="" regex topics="" exchanges="" bindings="" writes="" reads="" kind
    for type in ${types//,/ }; do
        context=${type%%.*}
        case " $contexts " in
            *" $context "*) ;;
            *) contexts="$contexts $context" ;;
        esac
    done
    for context in $contexts; do
        regex=$(printf '%s\n' ${types//,/ } | grep "^$context\." | sed 's/\./\\\\./g' | paste -sd '|' -)
        topics+="${topics:+, }{\"user\": \"$sender\", \"vhost\": \"$mq_vhost\", \"exchange\": \"$context.commands\", \"write\": \"^($regex)\$\", \"read\": \"^\$\"}"
        topics+=", {\"user\": \"$sender\", \"vhost\": \"$mq_vhost\", \"exchange\": \"$context.replies\", \"write\": \"^\$\", \"read\": \"^$sender(\\\\..*)?\$\"}"
        for kind in commands replies; do
            exchanges+="${exchanges:+, }{\"name\": \"$context.$kind\", \"vhost\": \"$mq_vhost\", \"type\": \"topic\", \"durable\": true, \"auto_delete\": false, \"internal\": false, \"arguments\": {}}"
        done
        bindings+="${bindings:+, }{\"source\": \"$context.replies\", \"vhost\": \"$mq_vhost\", \"destination\": \"$sender.replies\", \"destination_type\": \"queue\", \"routing_key\": \"$sender.replies\", \"arguments\": {}}"
        writes+="|$context\\\\.commands"
        reads+="|$context\\\\.replies"
    done
    fill "$deploy/rabbitmq/sender.json" sender "$sender" vhost "$mq_vhost" password_hash "$(mq_hash "$(secret "${sender}_rabbitmq")")" \
        command_exchanges "$writes" reply_exchanges "$reads" topic_permissions "$topics" exchanges "$exchanges" bindings "$bindings" | mq_import
}
