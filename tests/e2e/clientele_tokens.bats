#!/usr/bin/env bats
# `clientele` and its tokens, against a scripted authority and service: device code, renewal, rotation, refusal,
# throttling.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/clientele

setup_file() {
    make_store 0
}

setup() {
    use_own_home
}

teardown() {
    stop_server
}

kept() { # FIELD
    sed -n "s/^$1 = //p" "$CREDENTIALS"
}

expire() {
    sed -i 's/^expires_at = .*/expires_at = 1000000000/' "$CREDENTIALS"
}

token_requests() { # GRANT
    # grep prints 0 and fails when there is none.
    grep -c "^POST /contoso.example/oauth2/v2.0/token $1" requests || true
}

@test "a user signs in with a device code" {
    script_service --pending 1
    clientele login --base-url "$BASE" --tenant contoso.example
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ "${stderr_lines[0]}" = 'Open http://127.0.0.1/device and enter ABC-DEF' ]
    grep -q '^POST /contoso.example/oauth2/v2.0/devicecode' requests
    [ "$(kept refresh_token)" = refresh-1 ]
    [ "$(stat -c %a "$CREDENTIALS")" = 600 ]
    clientele whoami
    works
    [[ "$output" == *'user           ada@fabrikam.example'* ]]
    [[ "$output" == *'application    04b07795-8ddb-461a-bbee-02f9e1bf7b46'* ]]
    [[ "$output" == *'kind of token  App + User'* ]]
}

@test "a user who says no is not signed in" {
    script_service --deny
    clientele login --base-url "$BASE" --tenant contoso.example --client-id own
    [ "$status" -eq 3 ]
    [[ "$stderr" == *'The user said no.'*'You are not signed in'* ]]
    [ ! -e "$CREDENTIALS" ]
}

@test "a cached token is used until it expires, then the secret gets a new one" {
    script_service
    sign_in_scripted
    for _ in 1 2 3; do
        clientele customers count
        works
    done
    [ "$(token_requests client_credentials)" -eq 1 ]
    expire
    clientele customers count
    works
    [ "$(token_requests client_credentials)" -eq 2 ]
    clientele customers count
    works
    [ "$(token_requests client_credentials)" -eq 2 ]
}

@test "a refresh token that rotates is kept, also with many at once" {
    script_service
    "$CLIENTELE" login --base-url "$BASE" --tenant contoso.example 2>/dev/null
    [ "$(kept refresh_token)" = refresh-1 ]
    expire
    clientele customers count
    works
    [ "$(kept refresh_token)" = refresh-2 ]
    expire
    for i in $(seq 8); do "$CLIENTELE" customers count >"count.$i" 2>&1 & done
    wait $(jobs -p | grep -v "^$SERVER$")
    [ "$(cat count.* | sort -u)" = 100 ]
    [ "$(kept refresh_token)" = refresh-3 ]
    [ "$(token_requests refresh_token)" -eq 2 ]
}

@test "a sign-in that has ended says how to begin anew" {
    script_service
    "$CLIENTELE" login --base-url "$BASE" --tenant contoso.example --profile work 2>/dev/null
    sed -i 's/^refresh_token = .*/refresh_token = spent/' "$CREDENTIALS"
    expire
    clientele customers count
    fails 3 'That refresh token is spent' 'Sign in again: clientele login --profile work'
}

@test "a token that the service refuses is renewed, once" {
    script_service --refuse-tokens 1
    sign_in_scripted
    clientele customers count
    works
    [ "$output" = 100 ]
    [ "$(token_requests client_credentials)" -eq 2 ]
    clientele customers count
    works
    [ "$(token_requests client_credentials)" -eq 2 ]
    stop_server
    rm requests
    script_service --refuse-tokens 9
    sign_in_scripted
    clientele customers count
    fails 3 '401 unauthorized' 'Sign in again: clientele login --profile default' 'request id'
    [ "$(token_requests client_credentials)" -eq 2 ]
}

@test "tokens last through a long export" {
    script_service --customers 40 --page-delay 0.5 --expires-in 61
    sign_in_scripted
    sed -i "s/^expires_at = .*/expires_at = $(($(date +%s) + 62))/" "$CREDENTIALS"
    clientele customers export out.csv --page-size 5
    works
    [ "$(wc -l <out.csv)" -eq 41 ]
}

@test "a home that cannot be written does not stop a command" {
    [ "$(id -u)" -ne 0 ] || skip 'root may write anywhere'
    script_service
    sign_in_scripted
    expire
    chmod 500 "$XDG_CONFIG_HOME/clientele"
    rm -f "$CREDENTIALS.lock"
    clientele customers count
    chmod 700 "$XDG_CONFIG_HOME/clientele"
    [ "$status" -eq 0 ]
    [ "$output" = 100 ]
    [[ "$stderr" == *'cannot be locked'* ]]
}

@test "throttled out: exit code 5, and how long to wait" {
    script_service --throttle
    sign_in_scripted
    clientele customers list --timeout 2
    fails 5 '429 too many requests' 'Try again in 30 seconds'
}

@test "a service that is not there" {
    script_service
    sign_in_scripted
    stop_server
    clientele customers list --timeout 5
    fails 1 "Does $BASE answer from here?"
}

@test "no secret is shown, whatever happens" {
    script_service --refuse-tokens 9
    sign_in_scripted
    clientele customers list --verbose
    [ "$status" -eq 3 ]
    [[ "$stderr" == *'GET '* ]]
    for secret in "$(kept access_token)" right "$(kept client_secret)"; do
        [[ "$output$stderr" != *"$secret"* ]]
    done
    clientele profile list
    [[ "$output" != *right* ]]
}

@test "no secret stands on a command line" {
    script_service
    sign_in_scripted
    run "$CLIENTELE" login --help
    [[ "$output" != *'--secret='* && "$output" != *'--token'* && "$output" != *'--password'* ]]
}
