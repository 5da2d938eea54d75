# shellcheck shell=bash
# PostgreSQL for `infra/services`: a named server, a container, or a private instance.
# Sourced by infra/services, which sets services_home, deploy and ports_file.

pg_admin=farandole_admin
# Versions of what is fetched from Maven Central where no PostgreSQL is installed.
pg_embedded_version=17.6.0
pg_driver_version=42.7.13
pg_xz_version=1.10

# A private instance's own folder. Root cannot run PostgreSQL, and the user that runs it instead must be able to reach
# its data; where the checkout lies under a closed folder (/root), the data goes to /var/lib/farandole.
pg_base() {
    local base
    base=$(setting "$services_home/state" postgres_base)
    if [ -z "$base" ]; then
        base="$services_home/postgres"
        mkdir -p "$base"
        if is_root && ! as_postgres test -x "$base"; then
            base="/var/lib/farandole/$(printf '%s' "$services_home" | cksum | cut -d ' ' -f 1)"
            mkdir -p "$base"
            say "  data of PostgreSQL goes to $base, for user $(pg_system_user) cannot enter $services_home"
        fi
        remember "$services_home/state" postgres_base "$base"
    fi
    if ! [ -d "$base" ]; then
        mkdir -p "$base"
    fi
    if is_root; then
        chown "$(pg_system_user)" "$base"
    fi
    printf '%s' "$base"
}

pg_system_user() {
    if id postgres >/dev/null 2>&1; then printf postgres; else printf nobody; fi
}

# Runs as the unprivileged user if we are root (PostgreSQL refuses root), as ourselves otherwise.
as_postgres() {
    local user
    if is_root; then
        user=$(pg_system_user)
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --no-new-privs -- "$@"
    else
        "$@"
    fi
}

# The folder of initdb, pg_ctl and postgres: the newest that is installed, or what was fetched before; empty if none.
pg_find_bin() {
    local candidate
    if [ -n "${FARANDOLE_POSTGRES_BIN:-}" ]; then
        [ -x "$FARANDOLE_POSTGRES_BIN/initdb" ] || fail "FARANDOLE_POSTGRES_BIN=$FARANDOLE_POSTGRES_BIN holds no initdb"
        printf '%s' "$FARANDOLE_POSTGRES_BIN"
        return
    fi
    # A data directory opens only with the version that made it.
    candidate=$(setting "$services_home/state" postgres_bin)
    if [ -n "$candidate" ] && [ -x "$candidate/postgres" ]; then
        printf '%s' "$candidate"
        return
    fi
    if [ "${FARANDOLE_POSTGRES_INSTALLED:-yes}" != no ]; then
        for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin | sort -Vr); do
            if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then
                printf '%s' "$candidate"
                return
            fi
        done
        if have initdb && have postgres; then
            candidate=$(dirname "$(command -v initdb)")
            printf '%s' "$candidate"
            return
        fi
    fi
    candidate="$services_home/tools/postgres-$pg_embedded_version/bin"
    if [ -x "$candidate/initdb" ]; then
        printf '%s' "$candidate"
    fi
}

pg_need_bin() {
    pg_bin=$(pg_find_bin)
    if [ -z "$pg_bin" ] && apt_works && [ "${FARANDOLE_POSTGRES_INSTALLED:-yes}" != no ]; then
        apt_install postgresql || true
        pg_bin=$(pg_find_bin)
    fi
    if [ -z "$pg_bin" ]; then
        pg_fetch || fail "PostgreSQL is neither installed nor to be had. Do one of: install it (Debian: apt-get install postgresql;" \
            "Fedora: dnf install postgresql-server; macOS: brew install postgresql), start Docker," \
            "or name a server: FARANDOLE_POSTGRES_URL=postgresql://admin:password@host:5432/postgres"
        pg_bin=$(pg_find_bin)
    fi
    remember "$services_home/state" postgres_bin "$pg_bin"
}

# From Maven Central: the binaries that the embedded-postgres project packs. No psql among them: see pg_sql.
pg_fetch() {
    local arch tools="$services_home/tools" target
    case $(uname -s)-$(uname -m) in
        Linux-x86_64) arch=linux-amd64 ;;
        Linux-aarch64) arch=linux-arm64v8 ;;
        Darwin-x86_64) arch=darwin-amd64 ;;
        Darwin-arm64) arch=darwin-arm64v8 ;;
        *) return 1 ;;
    esac
    have java || return 1
    say "  PostgreSQL is not installed: fetching version $pg_embedded_version from Maven Central"
    maven_fetch "io.zonky.test.postgres:embedded-postgres-binaries-$arch:$pg_embedded_version" "$tools/download" || return 1
    maven_fetch "org.tukaani:xz:$pg_xz_version" "$tools" || return 1
    target="$tools/postgres-$pg_embedded_version"
    rm -rf "$target" "$target.new"
    mkdir -p "$target.new"
    java -cp "$tools/xz-$pg_xz_version.jar" "$deploy/lib/PostgresTool.java" unpack \
        "$tools/download/embedded-postgres-binaries-$arch-$pg_embedded_version.jar" "$target.new/binaries.tar" || return 1
    tar -xf "$target.new/binaries.tar" -C "$target.new" || return 1
    rm -rf "$target.new/binaries.tar" "$tools/download"
    chmod -R go+rX "$target.new"
    mv "$target.new" "$target"
}

# ---- start and stop --------------------------------------------------------------------------------------------------

# The process of the private instance, if it runs; the file alone proves nothing after a crash or a reboot.
pg_pid() {
    local base pid
    base=$(setting "$services_home/state" postgres_base)
    [ -n "$base" ] && [ -r "$base/data/postmaster.pid" ] || return 0
    pid=$(head -n 1 "$base/data/postmaster.pid" 2>/dev/null || true)
    if process_runs "$pid" && pg_is_ours "$pid" "$base/data"; then
        printf '%s' "$pid"
    fi
}

pg_is_ours() {
    local pid=$1 data=$2
    if [ -d /proc/self ]; then
        [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$(cd "$data" && pwd -P)" ]
    else
        ps -ww -o args= -p "$pid" 2>/dev/null | grep -qF -- "$data"
    fi
}

pg_start_private() {
    local base data port pid
    pg_need_bin
    base=$(pg_base)
    data="$base/data"
    pid=$(pg_pid)
    port=$(setting "$ports_file" postgres)
    if [ -n "$pid" ]; then
        if wait_until 30 "PostgreSQL (process $pid) to answer" pg_answers; then
            say "PostgreSQL already runs on 127.0.0.1:$port (process $pid)"
            return
        fi
        say "  PostgreSQL (process $pid), left over from an earlier start, does not answer: stopping it"
        kill -CONT "$pid" 2>/dev/null || true
        kill -QUIT "$pid" 2>/dev/null || true
        stop_process "$pid" 10 PostgreSQL
    fi
    if ! [ -d "$data" ]; then
        [ "$(megabytes_free "$base")" -ge 300 ] || fail "PostgreSQL needs 300 MB, but only $(megabytes_free "$base") MB are free under $base"
        say "PostgreSQL: making a new cluster in $data"
        pg_initdb "$base"
    elif [ "$(megabytes_free "$base")" -lt 50 ]; then
        fail "the disk is full: $(megabytes_free "$base") MB are free under $base, PostgreSQL needs 50 MB to start"
    fi
    port=$(private_port postgres "${FARANDOLE_POSTGRES_PORT_FIXED:-}" PostgreSQL)
    pg_write_settings "$data" "$port"
    # Not a lock of ours: either a crash left it, or another program has taken over the process number since.
    if [ -e "$data/postmaster.pid" ]; then
        say "  PostgreSQL was not stopped cleanly last time; it recovers from its log"
        pid=$(head -n 1 "$data/postmaster.pid" || true)
        if process_gone "$pid" || ! pg_is_ours "$pid" "$data"; then
            rm -f "$data/postmaster.pid"
        fi
    fi
    say "PostgreSQL: starting on 127.0.0.1:$port"
    local attempt
    for attempt in 1 2 3; do
        : >"$base/start.log"
        if pg_launch "$base"; then
            break
        fi
        # Children of a killed server hold its shared memory until they notice, within a second or two.
        if [ "$attempt" -lt 3 ] && tail -n 5 "$base/postgres.log" | grep -q 'pre-existing shared memory'; then
            say "  processes of the killed server are still ending"
            sleep 2
        else
            pg_start_failed "$base" "$port"
        fi
    done
    wait_until 30 "PostgreSQL to accept its administrator" pg_answers || pg_start_failed "$base" "$port"
    say "PostgreSQL runs on 127.0.0.1:$port (process $(pg_pid)), data in $data"
}

pg_launch() {
    local base=$1
    # The lock (descriptor 9) must not live on in the server.
    as_postgres env -i PATH="$PATH" LC_ALL=C HOME="$base" FARANDOLE_SERVER="postgres:$services_home" \
        "$pg_bin/pg_ctl" -D "$base/data" -l "$base/postgres.log" -w -t 60 -s start \
        </dev/null >"$base/start.log" 2>&1 9>&-
}

pg_start_failed() {
    local base=$1 port=$2
    tail -n 15 "$base/postgres.log" >&2 2>/dev/null || cat "$base/start.log" >&2
    if tail -n 30 "$base/postgres.log" 2>/dev/null | grep -q 'No space left on device' || [ "$(megabytes_free "$base")" -lt 20 ]; then
        fail "PostgreSQL did not start: the disk that holds $base is full. Free some space and start again; its data is kept"
    fi
    if tail -n 30 "$base/postgres.log" 2>/dev/null | grep -q 'Address already in use'; then
        forget "$ports_file" postgres
        fail "PostgreSQL did not start: port $port is taken by $(port_holder "$port"). Start again: another port will be picked"
    fi
    fail "PostgreSQL did not start; the reason stands above and in $base/postgres.log"
}

pg_initdb() {
    local base=$1 password
    # Into a folder of another name first: a kill half-way leaves no cluster that looks finished.
    rm -rf "$base/data.new"
    password="$base/password"
    rm -f "$password"
    (umask 077 && secret postgres_admin >"$password")
    if is_root; then
        chown "$(pg_system_user)" "$password"
    fi
    if ! as_postgres env -i PATH="$PATH" LC_ALL=C HOME="$base" "$pg_bin/initdb" -D "$base/data.new" --username="$pg_admin" --pwfile="$password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C >"$services_home/initdb.log" 2>&1 9>&-; then
        rm -f "$password"
        cat "$services_home/initdb.log" >&2
        if grep -q 'No space left on device' "$services_home/initdb.log"; then
            fail "the disk that holds $base is full: PostgreSQL's data cannot be created. Free some space and start again"
        fi
        fail "PostgreSQL's data cannot be created in $base; the reason stands above"
    fi
    rm -f "$password"
    printf "%s\n" "include 'farandole.conf'" >>"$base/data.new/postgresql.conf"
    mv "$base/data.new" "$base/data"
}

# Rewritten at each start: one place, and a new version of this file takes effect.
pg_write_settings() {
    local data=$1 port=$2
    cat >"$data/farandole.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = ${FARANDOLE_POSTGRES_MAX_CONNECTIONS:-300}
max_prepared_transactions = ${FARANDOLE_POSTGRES_MAX_PREPARED:-20}
password_encryption = 'scram-sha-256'
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = '${FARANDOLE_POSTGRES_SHARED_BUFFERS:-256MB}'
jit = off
log_line_prefix = '%m [%p] %q%u@%d '
lc_messages = 'C'
SETTINGS
    if is_root; then
        chown "$(pg_system_user)" "$data/farandole.conf"
    fi
}

pg_stop_private() {
    local pid base
    pid=$(pg_pid)
    if [ -z "$pid" ]; then
        say "PostgreSQL does not run"
        return
    fi
    base=$(pg_base)
    say "PostgreSQL: stopping (process $pid)"
    kill -CONT "$pid" 2>/dev/null || true
    # SIGINT is the fast shutdown: sessions are ended, a checkpoint is written.
    kill -INT "$pid" 2>/dev/null || true
    if ! wait_until 30 "PostgreSQL to stop" process_gone "$pid"; then
        say "  no clean stop within 30 s; SIGQUIT (it recovers at the next start)"
        kill -QUIT "$pid" 2>/dev/null || true
        stop_process "$pid" 10 PostgreSQL
    fi
    say "PostgreSQL has stopped; its data stays in $base/data"
}

pg_reset_private() {
    local base
    base=$(setting "$services_home/state" postgres_base)
    [ -n "$base" ] || base="$services_home/postgres"
    case $base in
        "$services_home/postgres" | /var/lib/farandole/*) rm -rf "$base" ;;
        *) fail "refusing to wipe $base, which is not a folder of ours" ;;
    esac
    forget "$services_home/state" postgres_base
    forget "$services_home/state" postgres_bin
    forget "$ports_file" postgres
}

# ---- SQL -------------------------------------------------------------------------------------------------------------

# Sets pg_host, pg_port, pg_user, pg_password, pg_database for the server in use.
pg_address() {
    local rest credentials
    case $(setting "$services_home/state" postgres_mode) in
        named)
            rest=${FARANDOLE_POSTGRES_URL:-$(setting "$services_home/state" postgres_url)}
            rest=${rest#jdbc:}
            rest=${rest#*://}
            rest=${rest%%\?*}
            pg_user=${FARANDOLE_POSTGRES_ADMIN_USER:-$(setting "$services_home/secrets" postgres_named_user)}
            pg_password=${FARANDOLE_POSTGRES_ADMIN_PASSWORD:-$(setting "$services_home/secrets" postgres_named_password)}
            if [[ $rest == *@* ]]; then
                credentials=${rest%@*}
                rest=${rest##*@}
                pg_user=$(url_decode "${credentials%%:*}")
                pg_password=$(url_decode "${credentials#*:}")
            fi
            pg_database=postgres
            if [[ $rest == */* ]]; then
                pg_database=${rest#*/}
                rest=${rest%%/*}
            fi
            pg_host=${rest%%:*}
            pg_port=5432
            if [[ $rest == *:* ]]; then
                pg_port=${rest##*:}
            fi
            [ -n "$pg_user" ] && [ -n "$pg_password" ] \
                || fail "FARANDOLE_POSTGRES_URL needs a user and a password: postgresql://user:password@host:5432/postgres, or set FARANDOLE_POSTGRES_ADMIN_USER and FARANDOLE_POSTGRES_ADMIN_PASSWORD"
            ;;
        *)
            pg_host=127.0.0.1
            pg_port=$(setting "$ports_file" postgres)
            pg_user=$pg_admin
            pg_password=$(setting "$services_home/secrets" postgres_admin)
            pg_database=postgres
            ;;
    esac
}

pg_client() {
    local candidate
    [ "${FARANDOLE_POSTGRES_INSTALLED:-yes}" != no ] || return 0
    for candidate in "${pg_bin:-/nowhere}/psql" "$(command -v psql || true)" /usr/lib/postgresql/*/bin/psql; do
        if [ -n "$candidate" ] && [ -x "$candidate" ]; then
            printf '%s' "$candidate"
            return
        fi
    done
}

# pg_sql DATABASE <SCRIPT: runs it, prints the first column of what the last statement answers.
# By psql where there is one; otherwise by Java with the driver from Maven Central.
pg_sql() {
    local database=$1 client driver
    pg_address
    client=$(pg_client)
    if [ -n "$client" ]; then
        PGPASSWORD=$pg_password PGCONNECT_TIMEOUT=5 PGOPTIONS='-c client_min_messages=warning' \
            "$client" -X -q -A -t -v ON_ERROR_STOP=1 -h "$pg_host" -p "$pg_port" -U "$pg_user" -d "${database:-$pg_database}" -f - 9>&-
    else
        driver="$services_home/tools/postgresql-$pg_driver_version.jar"
        if ! [ -r "$driver" ]; then
            maven_fetch "org.postgresql:postgresql:$pg_driver_version" "$services_home/tools" >&2 \
                || fail "neither psql nor PostgreSQL's JDBC driver is to be had: install postgresql-client"
        fi
        # Compiled once: it runs some ten times in a start.
        if ! [ "$services_home/tools/PostgresTool.class" -nt "$deploy/lib/PostgresTool.java" ]; then
            javac -d "$services_home/tools" "$deploy/lib/PostgresTool.java" || fail "a JDK is needed for want of psql: install postgresql-client"
        fi
        PGPASSWORD=$pg_password java -XX:TieredStopAtLevel=1 -cp "$services_home/tools:$driver" PostgresTool sql \
            "$pg_host" "$pg_port" "${database:-$pg_database}" "$pg_user" 9>&-
    fi
}

pg_answers() { [ "$(printf 'select 1;' | pg_sql "" 2>/dev/null || true)" = 1 ]; }

# What the two banks of the shop's transfers have in their databases: the schema that the payment context expects, and an account to try it with.
pg_provide_transfers() {
    local schema="$root/payment-context/src/main/resources/io/farandole/shop/payment/transfer/bank/schema.sql" bank
    [ -r "$schema" ] || fail "$schema is not there: is this a whole checkout?"
    for bank in transfer_a transfer_b; do
        {
            printf 'set role "%s_owner"; set search_path = app;\n' "$bank"
            fill "$schema" app "${bank}_app"
            printf "insert into account (account, currency, opening, balance) values ('demo', 'EUR', 10000000, 10000000) on conflict do nothing;\n"
        } | pg_sql "$bank" >/dev/null || fail "the schema of bank $bank cannot be made in PostgreSQL"
    done
    # How many transactions this server lets be prepared: with 0 there is no XA.
    remember "$services_home/state" postgres_max_prepared "$(printf 'show max_prepared_transactions;' | pg_sql "")"
}

# Database, schemas and roles of a context; may be repeated, and sets the passwords to those of the secrets file.
pg_provision() {
    local context=$1
    local words=(database "$context" owner "${context}_owner" migrator "${context}_migrator" app "${context}_app")
    words+=(migrator_password "$(secret "${context}_migrator")" app_password "$(secret "${context}_app")")
    fill "$deploy/postgres/roles.sql" "${words[@]}" | pg_sql "" >/dev/null || fail "the roles of $context cannot be created in PostgreSQL"
    if [ "$(printf "select 1 from pg_database where datname = '%s';" "$context" | pg_sql "")" != 1 ]; then
        printf 'create database "%s" owner "%s";' "$context" "${context}_owner" | pg_sql "" >/dev/null \
            || fail "database $context cannot be created in PostgreSQL"
    fi
    fill "$deploy/postgres/database.sql" "${words[@]}" | pg_sql "$context" >/dev/null || fail "database $context cannot be set up"
}
