#!/bin/sh
# Sends a command with curl alone, over RabbitMQ's management API, and prints the first answer that is in the sender's queue.
#
#   send-command.sh ID TYPE BODY       send-command.sh r-1 stock.receive-goods.v1 '{"productId":"p-1","quantity":40}'
#
# RABBIT_API (http://127.0.0.1:15672/api), RABBIT_VHOST (farandole), RABBIT_USER and RABBIT_PASSWORD: those of the sender. The same id again
# is answered again, and nothing is carried out a second time: whoever has no answer sends the same once more.
set -eu

id=$1 type=$2 body=$3
api=${RABBIT_API:-http://127.0.0.1:15672/api}
vhost=${RABBIT_VHOST:-farandole}
context=${type%%.*}

# The password is read from standard input, so that nobody finds it in the list of processes.
ask() {
    printf 'user = "%s:%s"\n' "$RABBIT_USER" "$RABBIT_PASSWORD" |
        curl --silent --show-error --fail-with-body --max-time 10 --config - --header 'content-type: application/json' --data "$2" "$api/$1"
}

# A JSON text within JSON: backslashes and quotes are marked.
quoted() { printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }

published=$(ask "exchanges/$vhost/$context.commands/publish" '{
    "routing_key": "'"$type"'", "payload_encoding": "string", "payload": "'"$(quoted "$body")"'",
    "properties": {"message_id": "'"$id"'", "user_id": "'"$RABBIT_USER"'", "reply_to": "'"$RABBIT_USER"'.replies",
        "content_type": "application/json", "delivery_mode": 2}}')
case $published in
    *'"routed":true'*) ;;
    *)
        echo "Nobody takes $type: $published" >&2
        exit 1
        ;;
esac

tries=0
while [ "$tries" -lt 60 ]; do
    answer=$(ask "queues/$vhost/$RABBIT_USER.replies/get" '{"count": 1, "ackmode": "ack_requeue_false", "encoding": "auto"}')
    if [ "$answer" != "[]" ]; then
        printf '%s\n' "$answer"
        exit 0
    fi
    tries=$((tries + 1))
    sleep 0.5
done
echo "No answer to $id within 30 s. Send it again under the same id: it is carried out once" >&2
exit 1
