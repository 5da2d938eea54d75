# shellcheck shell=bash
# PostgreSQL and RabbitMQ as containers, for `infra/services`. Sourced by infra/services.

compose() {
    FARANDOLE_POSTGRES_PORT=$(setting "$ports_file" postgres) \
    FARANDOLE_RABBITMQ_PORT=$(setting "$ports_file" rabbitmq) \
    FARANDOLE_RABBITMQ_MANAGEMENT_PORT=$(setting "$ports_file" management) \
    FARANDOLE_POSTGRES_ADMIN=$pg_admin \
    FARANDOLE_POSTGRES_ADMIN_SECRET=$(secret postgres_admin) \
    FARANDOLE_RABBITMQ_ADMIN=$mq_admin \
    FARANDOLE_RABBITMQ_ADMIN_SECRET=$(secret rabbitmq_admin) \
        docker compose --project-name "farandole-$(printf '%s' "$services_home" | cksum | cut -d ' ' -f 1)" \
        --file "$deploy/compose.yaml" "$@" </dev/null 9>&-
}

compose_running() { [ -n "$(compose ps --status running --quiet "$1" 2>/dev/null || true)" ]; }

compose_start() {
    local server=$1 name
    docker_answers || fail "$server runs in Docker here, but the Docker daemon does not answer. Start it, or choose anew: infra/services reset $server"
    # All ports are named in the file, so all must be known before any container starts.
    for name in postgres rabbitmq management; do
        if [ -z "$(setting "$ports_file" "$name")" ]; then
            remember "$ports_file" "$name" "$(pick_port)"
        fi
    done
    if ! compose_running "$server"; then
        say "$server: starting the container (the first time, its image is fetched)"
        compose up --detach --wait --wait-timeout 120 "$server" >&2 || fail "the container of $server did not start: infra/services logs $server"
    fi
    if [ "$server" = postgres ]; then
        wait_until 60 PostgreSQL pg_answers || fail "PostgreSQL in its container does not answer: infra/services logs postgres"
        say "PostgreSQL runs in a container, 127.0.0.1:$(setting "$ports_file" postgres)"
    else
        wait_until 90 RabbitMQ mq_get overview >/dev/null || fail "RabbitMQ in its container does not answer: infra/services logs rabbitmq"
        say "RabbitMQ runs in a container, 127.0.0.1:$(setting "$ports_file" rabbitmq)"
    fi
}

compose_stop() {
    say "$1: stopping the container; its data stays in its volume"
    compose stop --timeout 30 "$1" >&2
}

compose_reset() {
    compose rm --stop --force --volumes "$1" >&2
    docker volume rm --force "farandole-$(printf '%s' "$services_home" | cksum | cut -d ' ' -f 1)_$1" >/dev/null
}

compose_logs() { compose logs --tail "${FARANDOLE_LOG_LINES:-50}" "$1"; }

compose_pid() {
    local container
    container=$(compose ps --quiet "$1" 2>/dev/null || true)
    [ -n "$container" ] && docker inspect --format '{{.State.Pid}}' "$container" 2>/dev/null || true
}
