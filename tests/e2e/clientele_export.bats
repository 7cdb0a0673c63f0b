#!/usr/bin/env bats
# `clientele customers export` as a process: what it writes, and that it goes on where it was interrupted.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/clientele

setup_file() {
    make_store 1200
}

setup() {
    use_own_home
}

teardown() {
    stop_server
}

# Starts an export in the background and waits until so many pages are asked for; sets EXPORT.
begin_export() { # PAGES FLAG...
    local pages="$1"
    shift
    "$CLIENTELE" customers export "$@" >export.out 2>export.err &
    EXPORT=$!
    for _ in $(seq 400); do
        [ "$(grep -c '^GET /v1/customers' requests)" -gt "$pages" ] && return
        sleep 0.02
    done
    return 1
}

kill_export() {
    local code=0
    kill -KILL "$EXPORT"
    wait "$EXPORT" || code=$?
    [ "$code" -eq 137 ] # else it had ended by itself
}

ids() { # FILE
    jq -r .id "$1"
}

@test "the file's extension says what is in it, or else --output" {
    serve
    sign_in
    for file in a.ndjson b.jsonl c d.txt; do
        clientele customers export "$file"
        works
        [ "$(ids "$file" | sort -u | wc -l)" -eq 1200 ]
        cmp a.ndjson "$file"
    done
    clientele customers export e.csv
    works
    [ "$(head -n 1 e.csv)" = $'id,companyName,domain,relationshipToPartner\r' ]
    [ "$(wc -l <e.csv)" -eq 1201 ]
    clientele customers export f.tsv --columns domain
    works
    [ "$(head -n 1 f.tsv)" = domain ]
    clientele customers export g.csv --output ndjson
    works
    cmp a.ndjson g.csv
    clientele customers export - --output csv
    works
    [ "$(printf '%s\n' "$output" | cksum)" = "$(cksum <e.csv)" ]
    clientele customers export x --output json
    fails 2 "'json' is none of ndjson|csv|tsv"
    [ "$(ls ./*.part* 2>/dev/null)" = '' ]
}

@test "a file that is there is replaced when the new one is whole, and filters apply" {
    serve
    sign_in
    echo old >a.csv
    clientele customers export a.csv --domain no-such-domain
    works
    [ "$(cat a.csv)" = $'id,companyName,domain,relationshipToPartner\r' ]
    name=$("$CLIENTELE" customers list --limit 1 -o ndjson | jq -r .companyProfile.companyName)
    clientele customers export a.csv --name "$name"
    works
    [ "$(wc -l <a.csv)" -ge 2 ]
}

@test "killed, it goes on from its last page" {
    for format in ndjson csv; do
        rm -f requests
        script_service --customers 400 --page-delay 0.05
        sign_in_scripted
        "$CLIENTELE" customers export "whole.$format"
        : >requests
        begin_export 10 "cut.$format" --page-size 10
        kill_export
        [ ! -e "cut.$format" ]
        count=$(jq .count "cut.$format.part.state")
        [ "$count" -ge 50 ]
        # A row that was not finished is cut off again.
        printf 'half a r' >>"cut.$format.part"
        : >requests
        clientele customers export "cut.$format" --page-size 10
        works
        cmp "whole.$format" "cut.$format"
        [ "$(grep -c '^GET /v1/customers' requests)" -eq "$((40 - count / 10))" ]
        [ "$(ls ./*.part* 2>/dev/null)" = '' ]
        stop_server
    done
}

@test "Ctrl-C ends it behind a whole page, and it goes on" {
    script_service --customers 400 --page-delay 0.05
    sign_in_scripted
    "$CLIENTELE" customers export whole.ndjson
    : >requests
    begin_export 10 cut.ndjson --page-size 10
    kill -INT "$EXPORT"
    local code=0
    wait "$EXPORT" || code=$?
    [ "$code" -eq 130 ]
    grep -q '^clientele: interrupted\.$' export.err
    grep -q 'customers are in cut.ndjson.part; the same command goes on from there\.$' export.err
    [ "$(jq .size cut.ndjson.part.state)" -eq "$(stat -c %s cut.ndjson.part)" ]
    [ "$(($(wc -l <cut.ndjson.part) % 10))" -eq 0 ]
    clientele customers export cut.ndjson
    works
    cmp whole.ndjson cut.ndjson
}

@test "a partial file of another export is not gone on with" {
    script_service --customers 400 --page-delay 0.05
    sign_in_scripted
    begin_export 3 cut.ndjson --page-size 10
    kill_export
    clientele customers export cut.ndjson --columns id
    fails 1 'cut.ndjson.part is of another export' '--restart'
    clientele customers export cut.ndjson --output csv
    fails 1 'is of another export'
    [ -e cut.ndjson.part ]
    clientele customers export cut.ndjson --columns id --restart
    works
    [ "$(wc -l <cut.ndjson)" -eq 400 ]
}

@test "a partial file of another tenant is not gone on with, whichever way one signs in" {
    script_service --customers 400 --page-delay 0.05
    export CLIENTELE_BASE_URL=$BASE CLIENTELE_CLIENT_ID=$APP CLIENTELE_CLIENT_SECRET=right
    CLIENTELE_TENANT=contoso.example begin_export 3 cut.ndjson --page-size 10
    kill_export
    CLIENTELE_TENANT=fabrikam.example clientele customers export cut.ndjson
    fails 1 'cut.ndjson.part is of another export'
    CLIENTELE_TENANT=contoso.example clientele customers export cut.ndjson
    works
    [ "$(ids cut.ndjson | sort -u | wc -l)" -eq 400 ]
}

@test "a link in the partial file's place chooses nothing" {
    script_service
    sign_in_scripted
    echo precious >elsewhere
    ln -s elsewhere all.csv.part
    clientele customers export all.csv
    fails 1 'all.csv.part cannot be written'
    [ "$(cat elsewhere)" = precious ]
}

@test "a place that the service does not know any more is no place to go on from" {
    serve
    sign_in
    "$CLIENTELE" customers export whole.csv
    clientele customers export cut.csv --page-size 100
    works
    # As if interrupted behind the header and a row.
    head -n 2 whole.csv >cut.csv.part
    "$CLIENTELE" customers export other.csv --page-size 100
    key=$(printf '%s\n3\n0\ncontoso.example\n\n\n\nid\ncompanyName\ndomain\nrelationshipToPartner\n' "$BASE")
    jq -nc --arg key "$key"$'\n' --argjson size "$(stat -c %s cut.csv.part)" \
        '{key: $key, token: "AAAA", size: $size, count: 1}' >cut.csv.part.state
    clientele customers export cut.csv
    [ "$status" -eq 0 ]
    [[ "$stderr" == 'clientele: the service does not know any more where the earlier run stopped; beginning anew.' ]]
    cmp whole.csv cut.csv
}

@test "a state that a crash has damaged is not believed" {
    serve
    sign_in
    "$CLIENTELE" customers export whole.csv
    for damage in '' '{' '[]' '{"key":1}'; do
        printf 'rubbish\n' >cut.csv.part
        printf '%s' "$damage" >cut.csv.part.state
        clientele customers export cut.csv
        works
        cmp whole.csv cut.csv
    done
}

@test "two at once: the second is told" {
    script_service --customers 400 --page-delay 0.1
    sign_in_scripted
    begin_export 3 cut.ndjson --page-size 10
    clientele customers export cut.ndjson --page-size 10
    fails 1 'Another export is writing cut.ndjson.part'
    wait "$EXPORT"
    [ "$(wc -l <cut.ndjson)" -eq 400 ]
}

@test "a folder that is not there, and a disk that is full" {
    script_service
    sign_in_scripted
    clientele customers export nowhere/a.csv
    fails 1 'nowhere/a.csv.part cannot be written: No such file or directory'
    run --separate-stderr bash -c 'ulimit -f 4; "$CLIENTELE" customers export small.ndjson --page-size 10'
    fails 1 'small.ndjson.part cannot be written: File too large; when that is mended, the same command goes on'
    clientele customers export small.ndjson --page-size 10
    works
    [ "$(ids small.ndjson | sort -u | wc -l)" -eq 100 ]
}
