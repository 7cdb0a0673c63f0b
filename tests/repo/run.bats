#!/usr/bin/env bats
# script/run: what it is told is what it does, what it prints is true, and it ends as its server does.
bats_require_minimum_version 1.5.0
load ../support/server

setup_file() {
    local variable
    cd "$BATS_TEST_DIRNAME/../.."
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    script/bootstrap build
    script/build
    bin/clienteled init --demo --data "$BATS_FILE_TMPDIR/store" >/dev/null
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    data="$BATS_TEST_TMPDIR/own data"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" "$data"
    out="$BATS_TEST_TMPDIR/out"
    err="$BATS_TEST_TMPDIR/err"
}

teardown() {
    stop_server
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() { # [NAME=VALUE...] [FLAG...]: script/run until its banner stands there whole
    local tries=0
    env "$@" >"$out" 2>"$err" 3>&- &
    SERVER=$!
    until grep -q 'curl ' "$out"; do
        if ! kill -0 "$SERVER" || [ "$((tries += 1))" -gt 600 ]; then
            cat "$out" "$err" >&2
            return 1
        fi
        sleep 0.1
    done
}

stop() { # SIGNAL: ask it, and wait; its exit code is left in $status
    kill -s "$1" "$SERVER"
    status=0
    wait "$SERVER" || status=$?
    SERVER=
}

answers_at() { # ADDRESS: the banner says so, and the command that it prints works
    grep -q "^Clientele answers at http://$1; its data is in $data\. Ctrl-C stops it\.$" "$out"
    grep -o 'curl .*' "$out" >"$BATS_TEST_TMPDIR/printed"
    grep -q "http://$1/v1/customers" "$BATS_TEST_TMPDIR/printed"
    [ "$(sh "$BATS_TEST_TMPDIR/printed" | jq '.items | length')" -eq 40 ]
}

@test "the settings file is honoured" {
    local port
    port=$(free_port)
    printf 'data = %s\nlisten = 127.0.0.1:%s\n' "$data" "$port" >"$BATS_TEST_TMPDIR/own.ini"
    start script/run --config "$BATS_TEST_TMPDIR/own.ini"
    answers_at "127.0.0.1:$port"
}

@test "the variables are honoured" {
    local port
    port=$(free_port)
    start CLIENTELE_DATA="$data" CLIENTELE_LISTEN="127.0.0.1:$port" script/run
    answers_at "127.0.0.1:$port"
}

@test "flags go before variables, and port 0 is shown as the one that was picked" {
    start CLIENTELE_LISTEN=127.0.0.1:1 CLIENTELE_DATA=/nowhere script/run --listen 127.0.0.1:0 --data "$data"
    answers_at "$(sed -n 's/.*message=listening address=\([^ ]*\).*/\1/p' "$err")"
    ! grep -q ':0[;/]' "$out" || false
}

@test "the banner's columns are straight, and partners are named by their domains" {
    start script/run --listen 127.0.0.1:0 --data "$data"
    [ "$(grep -E '^  (partner|fabrikam\.example|northwind\.example) ' "$out" | wc -l)" -eq 3 ]
    [ "$(grep -E '^  (partner|fabrikam|northwind)' "$out" |
        awk '{ print index($0, $2), index($0, $3), index($0, $4) }' | sort -u | wc -l)" -eq 1 ]
}

@test "it ends as the server does: on SIGTERM and on SIGINT, with 0" {
    for signal in TERM INT; do
        # A shell without job control starts what is in the background with SIGINT ignored.
        start env --default-signal=INT script/run --listen 127.0.0.1:0 --data "$data"
        stop "$signal"
        [ "$status" -eq 0 ]
        grep -q 'message="stopping on' "$err"
    done
}

@test "a start that is refused has no banner, and the server's exit code" {
    start script/run --listen 127.0.0.1:0 --data "$data"
    run --separate-stderr script/run --listen 127.0.0.1:0 --data "$data"
    [ "$status" -eq 1 ]
    [ -z "$output" ]
    [[ "$stderr" == *'clienteled: '* ]]
    run --separate-stderr script/run --listn 127.0.0.1:0
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ "$stderr" == *'did you mean --listen?'* ]]
}

@test "without data it makes the demo, where it was told to" {
    rm -r "$data"
    start script/run --listen 127.0.0.1:0 --data "$data"
    answers_at "$(sed -n 's/.*message=listening address=\([^ ]*\).*/\1/p' "$err")"
}

@test "a second start builds nothing anew and says nothing else" {
    local before
    before=$(stat -L -c %Y%i bin/clienteled)
    start script/run --listen 127.0.0.1:0 --data "$data" --log-level off
    [ "$(stat -L -c %Y%i bin/clienteled)" = "$before" ]
    [ "$(head -c 9 "$out")" = Clientele ]
    [ ! -s "$err" ]
}
