#!/usr/bin/env bats
# clientele and libclientele as a user: device code and refresh tokens at the real authority. $CLIENTELED and $CLIENTELE are tested.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/sign_in

setup_file() {
    local variable
    for variable in $(compgen -e CLIENTELE_) $(compgen -e XDG_); do unset "$variable"; done
    export CLIENTELE_STORE_MAP_SIZE=16G
    "$CLIENTELED" init --demo --data "$BATS_FILE_TMPDIR/store" >/dev/null
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" data
    export HOME="$BATS_TEST_TMPDIR/home" XDG_CONFIG_HOME="$BATS_TEST_TMPDIR/config" NO_COLOR=1
    CREDENTIALS="$XDG_CONFIG_HOME/clientele/credentials"
    mkdir home
}

teardown() {
    # Where a test broke off it still waits for its user; where not, it has ended.
    if [ -n "${LOGIN:-}" ] && kill -0 "$LOGIN" 2>/dev/null; then kill "$LOGIN"; fi
    stop_server
}

begin_login() { # starts it with the demo's public application, which it takes by default, with its code in user_code and its process in LOGIN
    "$CLIENTELE" login --base-url "$BASE" --tenant fabrikam.example >said 2>&1 3>&- &
    LOGIN=$!
    for _ in $(seq 200); do
        user_code=$(grep -oE '\b[B-Z]{4}-[B-Z]{4}\b' said) && break
        sleep 0.05
    done
    url="$BASE/devicelogin?user_code=$user_code"
    open_page "$url"
}

@test "login by device code: the user signs in elsewhere, and everything that needs a user works" {
    serve
    begin_login
    grep -qF "$BASE/devicelogin" said
    submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
    wait "$LOGIN"
    "$CLIENTELE" whoami | grep -qF admin@fabrikam.example
    "$CLIENTELE" customers list --limit 3 >list
    [ -s list ]
    "$CLIENTELE" api 'GET' '/v1/relationships?relationship_type=IsIndirectResellerOf' | jq -e '.items' >/dev/null
    ! grep -qF "$PASSWORD" "$CREDENTIALS" || false
}

@test "a refresh token is exchanged when the access token is gone, each time for a new one" {
    serve
    begin_login
    submit "$url" username=helpdesk@fabrikam.example "password=$PASSWORD"
    wait "$LOGIN"
    for _ in 1 2 3; do
        before=$(grep refresh_token "$CREDENTIALS")
        sed -i '/access_token/d' "$CREDENTIALS"
        "$CLIENTELE" customers list --limit 3 >list
        [ "$(grep refresh_token "$CREDENTIALS")" != "$before" ]
    done
    "$CLIENTELED" user disable helpdesk@fabrikam.example --data data
    sed -i '/access_token/d' "$CREDENTIALS"
    run -3 "$CLIENTELE" customers list
    [[ "$output" == *'clientele login'* ]]
}

@test "login says that the user has declined" {
    serve
    begin_login
    submit "$url" decline=1
    status=0
    wait "$LOGIN" || status=$?
    [ "$status" -ne 0 ]
    grep -qi declined said
    [ ! -e "$CREDENTIALS" ] || ! grep -q token "$CREDENTIALS"
}
