#!/usr/bin/env bats
# A program that was built with -Ddashboard=false. script/chaos builds one for its threads. The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

teardown() {
    stop_server
}

@test "whoever asks for the page is told that there is none, and where the API is" {
    cd "$BATS_TEST_TMPDIR"
    "$CLIENTELED" init --data data >/dev/null
    "$CLIENTELED" serve --data data --listen 127.0.0.1:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do [ -s ready ] && break; sleep 0.1; done
    BASE="http://$(cat ready)"
    for path in / /customers /settings; do
        run --separate-stderr curl -sS -o answer -w '%{http_code}' -H 'Accept: text/html' "$BASE$path"
        [ "$output" = 404 ]
        jq -e '.code == 1000 and (.description | contains("built without the dashboard"))' answer
    done
    [ "$(curl -sS -o /dev/null -w '%{http_code}' "$BASE/assets/index.js")" = 404 ]
}
