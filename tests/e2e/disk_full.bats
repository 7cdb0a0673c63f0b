#!/usr/bin/env bats
# A disk that fills up while customers are brought in or created over HTTP: by a limit on file sizes, and by a small file system.
# What was confirmed is there, the rest is not, readers notice nothing, and it goes on once there is room.
# The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

setup_file() {
    local root
    root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    export CLIENTELED="${CLIENTELED:-$root/bin/clienteled}"
    export CLIENTELE_STORE_MAP_SIZE=16G
    "$CLIENTELED" init --demo --data "$BATS_FILE_TMPDIR/store" >/dev/null
    awk 'BEGIN { print "companyName,domain"; for (i = 0; i < 20000; i++) printf "Company %d,d%d.full.example\n", i, i }' \
        >"$BATS_FILE_TMPDIR/big.csv"
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    ln -s "$BATS_FILE_TMPDIR/big.csv" big.csv
    mkdir disk
}

teardown() {
    : >read-enough
    local status=0
    stop_server || status=$?
    if mountpoint -q disk; then umount disk; fi
    return "$status"
}

import() {
    run --separate-stderr "$CLIENTELED" import --data disk/data --partner northwind.example --rejects rejects big.csv
}

import_with_room_for() { # KIBIBYTES more than the file has
    local size
    size="$(stat -c %s disk/data/data.mdb)"
    run --separate-stderr bash -c 'ulimit -f "$1" && shift && exec "$@"' - "$((size / 1024 + $1))" \
        "$CLIENTELED" import --data disk/data --partner northwind.example --rejects rejects big.csv
}

# The import failed, said why and how far it came, and just so many customers are there.
failed_for_want_of_room() {
    local added
    added="$(sed -n 's/^[0-9]* rows: \([0-9]*\) new, 0 updated, 0 unchanged, 0 refused$/\1/p' <<<"$output")"
    printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
    [ "$status" -eq 1 ]
    [[ "$stderr" == *'is the disk full, or a limit on file sizes reached?'* ]]
    if [ "$added" -eq 0 ]; then
        [[ "$stderr" == *'nothing was stored'* ]]
    else
        [[ "$stderr" == *"rows before line $((added + 2)) are stored"* ]]
    fi
    is_whole "$((28113 + added))"
    [ ! -e rejects ]
}

is_whole() { # CUSTOMERS: the store holds so many, and check finds nothing wrong
    local seen
    seen="$("$CLIENTELED" check --data disk/data)"
    printf '%s\n' "$seen"
    [[ "$seen" == *", $1 customers, "*": 0 findings" ]]
}

works_again() {
    import
    printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    is_whole 48113
}

serve() {
    "$CLIENTELED" serve --data disk/data --listen 127.0.0.1:0 --ready-fd 3 --log-requests=false 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 600); do
        [ -s ready ] && break
        sleep 0.1
    done
    ADDRESS="$(cat ready)"
    TOKEN="$(curl -sf "http://$ADDRESS/northwind.example/oauth2/v2.0/token" -d grant_type=client_credentials \
        -d client_id=6a7b8c9d-0e1f-4a2b-9c3d-4e5f60718293 -d client_secret=demo-secret-not-for-production \
        -d scope=https://api.partnercenter.microsoft.com/.default | sed 's/.*"access_token":"\([^"]*\)".*/\1/')"
}

reads() { # the first page, all forty of it
    curl -sf "http://$ADDRESS/v1/customers?size=40" -H "Authorization: Bearer $TOKEN" | grep -q '"totalCount":40,'
}

stop() {
    stop_server
}

# Until the file tells it to end.
read_on() {
    while [ ! -e read-enough ]; do
        reads || return 1
    done
}

@test "a file-size limit: an import alone stores nothing, says why, and works without the limit" {
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" disk/data
    import_with_room_for 1024
    failed_for_want_of_room
    [[ "$stderr" == *'nothing was stored'* ]]
    works_again
}

@test "a file-size limit: beside a server, reads go on and only whole batches are in" {
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" disk/data
    serve
    read_on 3>&- &
    local reader=$!
    import_with_room_for 1024
    failed_for_want_of_room
    reads
    works_again
    : >read-enough
    wait "$reader"
    stop
}

@test "a small file system: full, then with room again" {
    mount -t tmpfs -o size=48m,mode=700 clientele-test disk || skip "mounting is not permitted"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" disk/data
    local free
    free="$(df --output=avail -k disk | tail -n 1)"
    head -c "$(((free - 1024) * 1024))" /dev/zero >disk/ballast
    serve
    read_on 3>&- &
    local reader=$!
    import
    failed_for_want_of_room
    reads
    # Still full: it fails in the same way, and what is there stays there.
    import
    [ "$status" -eq 1 ]
    reads
    rm disk/ballast
    works_again
    : >read-enough
    wait "$reader"
    stop
}

create() { # NAME: create a customer; the answer's headers go to `headers`, its status is printed
    curl -s -o /dev/null -D headers -w '%{http_code}' "http://$ADDRESS/v1/customers" -H "Authorization: Bearer $TOKEN" \
        -H 'Content-Type: application/json' -d '{"companyProfile":{"domain":"'"$1"'.example"},"billingProfile":{
        "email":"a@b.example","culture":"en-US","language":"en","companyName":"'"$1"'","defaultAddress":{"country":"US",
        "city":"Redmond","state":"WA","addressLine1":"1","postalCode":"98052","firstName":"A","lastName":"B"}}}'
}

# Create until there is no room; CREATED is how many were confirmed.
create_until_full() {
    local status
    for _ in $(seq 2000); do
        status="$(create "${1}$CREATED")"
        [ "$status" = 201 ] || break
        CREATED=$((CREATED + 1))
    done
    printf 'created %s, then %s\n' "$CREATED" "$status"
    cat headers
    [ "$status" = 503 ]
    grep -qi '^Retry-After: [0-9]' headers
}

@test "a file-size limit: writes over HTTP get 503 with Retry-After, reads go on, and it works again with room" {
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" disk/data
    serve
    CREATED=0
    prlimit --pid "$SERVER" --fsize="$(($(stat -c %s disk/data/data.mdb) + 65536))":
    create_until_full limited
    reads
    [ "$(create limited-again)" = 503 ]
    reads
    prlimit --pid "$SERVER" --fsize=unlimited:
    [ "$(create limited-again)" = 201 ]
    reads
    stop
    is_whole "$((28113 + CREATED + 1))"
}

@test "a small file system: writes over HTTP get 503 with Retry-After until there is room" {
    mount -t tmpfs -o size=48m,mode=700 clientele-test disk || skip "mounting is not permitted"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" disk/data
    serve
    CREATED=0
    local free
    free="$(df --output=avail -k disk | tail -n 1)"
    head -c "$(((free - 64) * 1024))" /dev/zero >disk/ballast
    create_until_full small
    reads
    rm disk/ballast
    [ "$(create small-again)" = 201 ]
    stop
    is_whole "$((28113 + CREATED + 1))"
}
