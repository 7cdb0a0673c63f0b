#!/usr/bin/env bats
# The examples do what they say, against a server with the demo. Programs: $EXAMPLES, $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

APP=0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60

setup_file() {
    local variable
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELE_STORE_MAP_SIZE=16G
    export CLIENT_SECRET=demo-secret-not-for-production
    "$CLIENTELED" init --demo --data "$BATS_FILE_TMPDIR/store" >/dev/null
    mkfifo "$BATS_FILE_TMPDIR/ready"
    "$CLIENTELED" serve --data "$BATS_FILE_TMPDIR/store" --listen 127.0.0.1:0 --log-requests=false --ready-fd 4 \
        4>"$BATS_FILE_TMPDIR/ready" 2>"$BATS_FILE_TMPDIR/log" 3>&- &
    export SERVER=$!
    ADDRESS="$(head -n 1 "$BATS_FILE_TMPDIR/ready")"
    export ADDRESS
}

teardown_file() {
    stop_server
}

example() { # NAME ARGUMENT...
    local name="$1"
    shift
    run --separate-stderr "$EXAMPLES/$name" "http://$ADDRESS" fabrikam.example "$APP" "$@"
}

@test "customer_paging prints every page of 40 and every customer once" {
    example customer_paging
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(grep -c '^Page ' <<<"$output")" -eq 702 ]
    [ "$(grep -c '^Page [0-9]*: 40 customers$' <<<"$output")" -eq 701 ]
    [ "$(grep '^Page ' <<<"$output" | tail -n 1)" = "Page 702: 33 customers" ]
    [ "$(tail -n 1 <<<"$output")" = "All: 28073 customers" ]
    [ "$(grep -v '^Page \|^All: ' <<<"$output" | cut -c 1-36 | sort -u | wc -l)" -eq 28073 ]
    grep -q '^[0-9a-f-]*  Microsoft Corporation (microsoft.com)$' <<<"$output"
}

@test "filter_customers says how many there are and lists them" {
    example filter_customers 'deutsche '
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(head -n 1 <<<"$output")" = "$(($(wc -l <<<"$output") - 1)) customers" ]
    [ "$(sed 1d <<<"$output" | grep -vic '^deutsche ')" -eq 0 ]
    [ "$(wc -l <<<"$output")" -gt 6 ]
}

@test "async answers every question" {
    example async micro a zzzzzzzz
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(wc -l <<<"$output")" -eq 3 ]
    grep -q '^a: 40 customers and more$' <<<"$output"
    grep -q '^zzzzzzzz: 0 customers$' <<<"$output"
    grep -q '^micro: [0-9]* customers' <<<"$output"
}

@test "create_customer creates one, says so of a domain that is taken, and names all that is wrong" {
    example create_customer created.example "Created Ltd"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    grep -qE '^[0-9a-f-]{36}$' <<<"$output"
    grep -qE '^admin@created.example .{12}$' <<<"$output"
    example create_customer CREATED.example "Created Again"
    [ "$status" -eq 0 ]
    [ "$output" = "CREATED.example belongs to a customer already" ]
    example create_customer nodots.example ""
    [ "$status" -eq 1 ]
    [[ "$stderr" == "bad input: "* ]]
    grep -q '^  BillingProfile.CompanyName$' <<<"$stderr"
}

@test "each says what is wrong with a secret, and how it is called" {
    for name in customer_paging filter_customers; do
        CLIENT_SECRET=guessed example "$name" x
        [ "$name" != customer_paging ] || CLIENT_SECRET=guessed example "$name"
        [ "$status" -eq 1 ]
        [[ "$stderr" == unauthorized:* ]]
        [[ "$stderr" != *guessed* ]]
    done
    for name in customer_paging filter_customers async create_customer; do
        run --separate-stderr "$EXAMPLES/$name"
        [ "$status" -eq 2 ]
        [[ "$stderr" == usage:* ]]
    done
}
