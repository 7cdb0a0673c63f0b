#!/usr/bin/env bats
# Whatever descriptors the caller left open or closed, the store stays whole.

setup_file() {
    export CLIENTELED="${CLIENTELED:-$BATS_TEST_DIRNAME/../../bin/clienteled}"
    export CLIENTELE_STORE_MAP_SIZE=16G CLIENTELE_LISTEN=127.0.0.1:0
    export CLIENTELE_DATA="$BATS_FILE_TMPDIR/data"
    "$CLIENTELED" init --demo >/dev/null
}

# serve [redirections as words of sh]: one request, then SIGTERM; the address comes through a file on descriptor 9.
serve_and_ask() {
    : >"$BATS_TEST_TMPDIR/address"
    sh -c "exec \"\$CLIENTELED\" serve --ready-fd 9 $1" 9>"$BATS_TEST_TMPDIR/address" &
    server=$!
    for _ in $(seq 100); do
        [ ! -s "$BATS_TEST_TMPDIR/address" ] || break
        sleep 0.05
    done
    curl -sf "http://$(cat "$BATS_TEST_TMPDIR/address")/healthz"
    kill "$server"
    wait "$server"
}

check_is_clean() {
    run "$CLIENTELED" check
    [ "$status" -eq 0 ]
    [[ "$output" == *"28113 customers"*": 0 findings" ]]
}

@test "a server with closed standard descriptors does not write into its store" {
    for closed in '1>&- 2>&-' '2>&-' '1>&-' '0<&- 1>&- 2>&-'; do
        serve_and_ask "$closed"
        check_is_clean
    done
}

@test "commands with closed standard descriptors leave the store whole" {
    printf 'companyName,domain\n,x\n' >"$BATS_TEST_TMPDIR/rows.csv"
    for closed in '1>&- 2>&-' '2>&-' '0<&- 1>&- 2>&-'; do
        # Rows refused, or output that cannot be written: both are ends that a command may come to. No other.
        ended=0
        sh -c "\"\$CLIENTELED\" import --partner northwind.example '$BATS_TEST_TMPDIR/rows.csv' $closed" || ended=$?
        [[ "$ended" == [13] ]]
        ended=0
        sh -c "\"\$CLIENTELED\" partner list $closed" || ended=$?
        [[ "$ended" == [01] ]]
        check_is_clean
    done
}

@test "a ready descriptor that is not open is refused before anything is opened" {
    for descriptor in 3 4 5 6 9; do
        run bash -c "exec 3>&- 4>&- 5>&- 6>&- 9>&-; exec \"\$CLIENTELED\" serve --ready-fd $descriptor"
        [ "$status" -ne 0 ]
        [[ "$output" == *"ready_fd: descriptor $descriptor cannot be used"* ]]
        check_is_clean
    done
}

@test "standard error as ready descriptor stays open for the log" {
    "$CLIENTELED" serve --ready-fd 2 2>"$BATS_TEST_TMPDIR/log" &
    server=$!
    for _ in $(seq 100); do
        ! grep -q '^127' "$BATS_TEST_TMPDIR/log" || break
        sleep 0.05
    done
    address=$(grep '^127' "$BATS_TEST_TMPDIR/log")
    run curl -sf "http://$address/healthz" "http://$address/healthz"
    [ "$output" = '{"status":"ok"}{"status":"ok"}' ]
    kill "$server"
    wait "$server"
    grep -q 'path=/healthz' "$BATS_TEST_TMPDIR/log"
}
