# For bats files: how a test ends the server whose process id is in SERVER.

# SIGTERM, and it must end with 0: a sanitizer that complains at the end, a leak above all, shows only there.
stop_server() {
    local status=0
    [ -n "${SERVER:-}" ] || return 0
    kill "$SERVER" || status=$?
    wait "$SERVER" || status=$?
    SERVER=
    if [ "$status" -ne 0 ]; then
        echo "the server did not end well: $status" >&2
        return 1
    fi
}
