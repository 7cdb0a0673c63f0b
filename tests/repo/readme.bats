#!/usr/bin/env bats
# README's commands, as a reader would paste them: `script/run` in one terminal, the other blocks in another.
# Blocks marked ```sh run, in order; the address is replaced by a free one.
bats_require_minimum_version 1.5.0
load ../support/server

blocks() { # every ```sh block, each line after its block's number and a tab
    awk '/^```sh$/ { block++; inside = 1; next } /^```$/ { inside = 0 } inside { print block "\t" $0 }' README.md
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

answers() { # is a server there?
    curl -s -o "$BATS_FILE_TMPDIR/answer" "http://$CLIENTELE_LISTEN/common/discovery/instance"
}

setup_file() {
    local tries=0 variable
    cd "$BATS_TEST_DIRNAME/../.."
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    CLIENTELE_DATA="$BATS_FILE_TMPDIR/data"
    CLIENTELE_LISTEN="127.0.0.1:$(free_port)"
    export CLIENTELE_DATA CLIENTELE_LISTEN XDG_CONFIG_HOME="$BATS_FILE_TMPDIR/config"
    script/run >"$BATS_FILE_TMPDIR/run.out" 2>"$BATS_FILE_TMPDIR/run.err" 3>&- &
    export SERVER=$!
    until answers; do
        if ! kill -0 "$SERVER" || [ "$((tries += 1))" -gt 1200 ]; then
            cat "$BATS_FILE_TMPDIR/run.out" "$BATS_FILE_TMPDIR/run.err" >&2
            return 1
        fi
        sleep 0.2
    done
}

teardown_file() {
    stop_server
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
}

@test "the first two commands are script/run and script/test" {
    [ "$(blocks | sed -n '1,2p')" = "$(printf '1\tscript/run\n2\tscript/test')" ]
    [ -x script/run ]
    [ -x script/test ]
}

@test "every other command works as it stands" {
    blocks | sed -n 's/^\([3-9]\|[1-9][0-9]\)\t//p' | sed "s/127\.0\.0\.1:8484/$CLIENTELE_LISTEN/g" >"$BATS_TEST_TMPDIR/session"
    [ -s "$BATS_TEST_TMPDIR/session" ]
    ln -s "$PWD/bin" "$BATS_TEST_TMPDIR/bin"
    cd "$BATS_TEST_TMPDIR"
    run --separate-stderr bash -eu -o pipefail session
    printf '%s\n%s\n' "$output" "$stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ "$output" == *'"totalCount":40,'* ]]
    [ "$(grep -c '^"companyName":' <<<"$output")" -eq 3 ]
    [ "$(grep '^"companyName":' <<<"$output" | sort -u | wc -l)" -eq 3 ]
    [[ "$output" == *'"companyName":"Microsoft Corporation"'* ]]
    [[ "$output" == *'kind of token  App only'* ]]
    [[ "$output" == *$'domain,companyName\r'* ]]
    [ "$(grep -c '^28073$' <<<"$output")" -eq 1 ]
    [ "$(wc -l <customers.ndjson)" -eq 28073 ]
    [[ "$output" == *'1 rows: 1 new, 0 updated, 0 unchanged, 0 refused'* ]]
}

@test "the command that script/run prints lists customers" {
    grep -o 'curl .*' "$BATS_FILE_TMPDIR/run.out" >"$BATS_TEST_TMPDIR/printed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/printed")" -eq 1 ]
    run --separate-stderr sh "$BATS_TEST_TMPDIR/printed"
    [ "$status" -eq 0 ]
    [ "$(jq '.items | length' <<<"$output")" -eq 40 ]
}

@test "the two commands of the command line that script/run prints sign in and list customers" {
    grep -o '\(echo .* | \)\?bin/clientele .*' "$BATS_FILE_TMPDIR/run.out" >"$BATS_TEST_TMPDIR/printed"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/printed")" -eq 2 ]
    run --separate-stderr sh -eu "$BATS_TEST_TMPDIR/printed"
    [ "$status" -eq 0 ]
    [ "$(grep -cE '^[0-9a-f-]{36} ' <<<"$output")" -eq 40 ]
}

@test "script/run prints the address and both partners' credentials" {
    grep -q "http://$CLIENTELE_LISTEN" "$BATS_FILE_TMPDIR/run.out"
    grep -q '5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40.*0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60.*demo-secret-not-for-production' \
        "$BATS_FILE_TMPDIR/run.out"
    grep -q 'c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4.*6a7b8c9d-0e1f-4a2b-9c3d-4e5f60718293.*demo-secret-not-for-production' \
        "$BATS_FILE_TMPDIR/run.out"
}
