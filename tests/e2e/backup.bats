#!/usr/bin/env bats
# `clienteled backup` and `restore` as processes: the same store again, beside a server too, or nothing at all.
# The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

setup_file() {
    local root variable
    root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELED="${CLIENTELED:-$root/bin/clienteled}"
    export CLIENTELE_STORE_MAP_SIZE=16G CLIENTELE_DATA=data
    cd "$BATS_FILE_TMPDIR"
    "$CLIENTELED" init >/dev/null
    "$CLIENTELED" partner add one.example --id 11111111-2222-4333-8444-555555555555 >/dev/null
    "$CLIENTELED" partner add two.example --id 11111111-2222-4333-8444-666666666666 >/dev/null
    "$CLIENTELED" partner link --provider one.example --reseller two.example >/dev/null
    "$CLIENTELED" app add --partner one.example --id 22222222-2222-4333-8444-555555555555 |
        sed -n 's/^ *secret *//p' >secret
    "$CLIENTELED" generate --partner one.example --count 300 --seed 1 >/dev/null
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/data" data
}

teardown() {
    stop_server
}

fails() { # STATUS WORDS COMMAND...
    local want=$1 words=$2
    shift 2
    run --separate-stderr "$CLIENTELED" "$@"
    if [ "$status" -ne "$want" ] || [[ "$stderr" != *"clienteled: "*"$words"* ]]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

serve() { # FOLDER
    "$CLIENTELED" serve --data "$1" --listen 127.0.0.1:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    BASE="http://$(cat ready)"
}

page() {
    local token
    token=$(curl -s "$BASE/one.example/oauth2/token" -d grant_type=client_credentials \
        -d resource=https://api.partnercenter.microsoft.com -d client_id=22222222-2222-4333-8444-555555555555 \
        --data-urlencode "client_secret=$(cat "$BATS_FILE_TMPDIR/secret")" |
        sed 's/.*"access_token":"\([^"]*\)".*/\1/')
    curl -s "$BASE/v1/customers?size=100" -H "Authorization: Bearer $token"
}

@test "a backup restored serves the same pages, tokens of the list included" {
    "$CLIENTELED" backup copy.backup >said
    grep -q "^The backup is in copy.backup: $(stat -c %s copy.backup) bytes" said
    [ "$(stat -c %a copy.backup)" = 600 ]
    run --separate-stderr "$CLIENTELED" restore --data again copy.backup
    [ "$status" -eq 0 ]
    [ "$output" = 'The store is in again again: 2 partners, 1 applications, 300 customers.' ]
    "$CLIENTELED" check --data again >checked
    tail -n 1 checked | grep -q ': 0 findings$'
    diff <("$CLIENTELED" partner list --json) <("$CLIENTELED" partner list --json --data again)
    serve data
    page >before
    stop_server
    serve again
    page >after
    grep -q continuationToken before
    cmp before after
}

@test "a backup may be taken beside a server, while others write" {
    serve data
    "$CLIENTELED" generate --partner one.example --count 20000 --seed 7 >/dev/null &
    local writer=$! count
    for i in 1 2 3 4 5; do
        "$CLIENTELED" backup "copy$i" >/dev/null
        "$CLIENTELED" restore --data "again$i" "copy$i" >said
        count=$(sed 's/.* \([0-9]*\) customers.*/\1/' said)
        [ "$count" -ge 300 ]
    done
    wait "$writer"
    page | grep -q '"totalCount":100'
}

@test "a backup is compact: what was deleted takes no room in it" {
    "$CLIENTELED" generate --partner two.example --count 20000 --seed 7 >/dev/null
    "$CLIENTELED" backup large >/dev/null
    "$CLIENTELED" partner remove two.example --yes two.example >/dev/null
    "$CLIENTELED" backup small >/dev/null
    [ "$(stat -c %s small)" -lt $(($(stat -c %s large) / 10)) ]
}

@test "a backup goes through pipes" {
    "$CLIENTELED" backup - | "$CLIENTELED" restore --data again - >said
    grep -q '300 customers' said
    "$CLIENTELED" backup - 2>complaint | head -c 1 >/dev/null
    run --separate-stderr sh -c '"$CLIENTELED" backup - </dev/null >/dev/full'
    [ "$status" -eq 1 ]
    [[ "$stderr" == "clienteled: "*"cannot write the copy"* ]]
}

@test "nothing is overwritten by a backup" {
    echo precious >there
    fails 1 'there is there already' backup there
    [ "$(cat there)" = precious ]
    mkdir folder
    fails 1 'is there already' backup folder
    ln -s nowhere link
    fails 1 'is there already' backup link
    fails 1 'is there already' backup data/data.mdb
    fails 1 'No such file or directory' backup missing/copy
    fails 1 "no store in 'none'" backup --data none copy
    [ ! -e copy ]
    "$CLIENTELED" check >/dev/null
}

@test "a backup that is interrupted leaves nothing behind" {
    "$CLIENTELED" generate --partner one.example --count 30000 --seed 9 >/dev/null
    "$CLIENTELED" backup copy >/dev/null 2>said &
    local process=$! status=0
    while kill -0 "$process" 2>/dev/null && ! compgen -G 'copy.*' >/dev/null; do :; done
    kill "$process" 2>/dev/null || true # it may have been quicker; both ends are judged below
    wait "$process" || status=$?
    if [ "$status" -ne 0 ]; then
        [ "$status" -eq 1 ]
        grep -q 'interrupted; nothing was written' said
        [ ! -e copy ]
    fi
    run compgen -G 'copy.*'
    [ "$status" -ne 0 ]
}

@test "a restore that is interrupted leaves nothing behind, and says so" {
    "$CLIENTELED" backup copy >/dev/null
    mkfifo pipe
    "$CLIENTELED" restore --data again pipe 2>said &
    local process=$! status=0
    exec 9>pipe
    head -c 10000 copy >&9
    until [ -e again/init.tmp/data.mdb ]; do sleep 0.05; done
    kill "$process"
    exec 9>&-
    wait "$process" || status=$?
    [ "$status" -eq 1 ]
    [ "$(cat said)" = 'clienteled: interrupted; nothing was restored.' ]
    [ ! -e again ]
}

@test "restore takes a new folder alone" {
    "$CLIENTELED" backup copy >/dev/null
    fails 1 'holds a store already' restore copy
    fails 1 'holds a store already' restore --data data copy
    fails 1 'cannot be opened: No such file' restore --data again nothing
    fails 2 'FILE' restore --data again
    [ ! -e again ]
    "$CLIENTELED" check >/dev/null
}

@test "restore refuses what is no whole backup and leaves nothing behind" {
    "$CLIENTELED" backup copy >/dev/null
    : >empty
    fails 1 'the snapshot is empty' restore --data again empty
    head -c 100000 /dev/urandom >noise
    fails 1 'not a store of Clientele' restore --data again noise
    head -c $(($(stat -c %s copy) / 2)) copy >half
    fails 1 'cut short' restore --data again half
    [ ! -e again ]
    mkdir mine && echo x >mine/other
    fails 1 'cut short' restore --data mine half
    [ "$(ls mine)" = other ]
}

@test "restore checks what is in the backup before it appears" {
    echo '{"companyProfile":{"domain":"damaged.example","companyName":"D"}}' |
        "$CLIENTELED" import --partner one.example - >/dev/null
    "$CLIENTELED" backup copy >/dev/null
    # The domain stands in the record and in the indexes; it is changed in one place of them.
    LC_ALL=C sed -i '0,/damaged\.example/s//dbmaged.example/' copy
    run --separate-stderr "$CLIENTELED" restore --data again copy
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"The backup is damaged: "*"nothing was restored."* ]]
    [ ! -e again ]
}
