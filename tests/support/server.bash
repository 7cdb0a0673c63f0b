# For bats files: how a test ends the server whose process id is in SERVER, and what it needs of its store.

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

# For a test of what only a store in a folder has.
needs_folder() { # WHAT
    [ "${TEST_STORE:-}" != postgresql ] || skip "a store on PostgreSQL has no $1"
}
