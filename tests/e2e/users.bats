#!/usr/bin/env bats
# Users, and the secrets and redirects of applications, as processes. The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

APP=66666666-7777-4888-9999-aaaaaaaaaaaa

setup_file() {
    local variable
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELE_STORE_MAP_SIZE=16G
    "$CLIENTELED" init --data "$BATS_FILE_TMPDIR/store" >/dev/null
    "$CLIENTELED" partner add contoso.example --data "$BATS_FILE_TMPDIR/store" >/dev/null
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" data
    printf 'correct horse battery\n' >password
}

teardown() {
    stop_server
}

clienteled() {
    run --separate-stderr "$CLIENTELED" "$@" --data data
}

works() {
    if [ "$status" -ne 0 ] || [ -n "$stderr" ]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

fails() { # STATUS WORDS
    if [ "$status" -ne "$1" ] || [ -n "$output" ] || [[ "$stderr" != "clienteled: "*"$2"* ]] ||
        [ "${#stderr_lines[@]}" -ne 1 ]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

add() { # NAME FLAGS...
    clienteled user add "$@" --password-file password
}

@test "user add prints who it is, and list shows everything but secrets" {
    add Zoe@Contoso.example --roles 'adminagents, HelpdeskAgents' --display-name 'Zoë' \
        --id 11111111-2222-4333-8444-555555555555
    works
    [[ "${lines[0]}" == 'user     zoe@contoso.example' ]]
    [[ "${lines[1]}" == 'id       11111111-2222-4333-8444-555555555555' ]]
    clienteled user list --json
    works
    [ "$(jq -c '[.name,.displayName,.roles,.secondFactor,.disabled,.demo]' <<<"$output")" = \
        '["zoe@contoso.example","Zoë",["AdminAgents","HelpdeskAgents"],false,false,false]' ]
    [[ "$output" != *argon2* ]]
    clienteled user list
    [[ "${lines[0]}" =~ ^USER\ +STATE\ +SECOND\ +ROLES$ ]]
    [[ "${lines[1]}" =~ ^zoe@contoso.example\ +active\ +-\ +AdminAgents,HelpdeskAgents$ ]]
    clienteled check
    [[ "$output" == '1 partners, 0 applications, 1 users, 0 grants, '*': 0 findings' ]]
}

@test "user add refuses what cannot be" {
    add zoe@contoso.example
    fails 2 '--roles is missing'
    add zoe@contoso.example --roles Admin
    fails 2 "'Admin' is no role"
    add zoe --roles AdminAgents
    fails 1 "'zoe' is no user name"
    add zoe@nobody.example --roles AdminAgents
    fails 1 "There is no partner 'nobody.example'"
    printf 'short\n' >password
    add zoe@contoso.example --roles AdminAgents
    fails 1 'A password must have 8 to 256 bytes'
    [[ "$stderr" != *short* ]]
    clienteled user add zoe@contoso.example --roles AdminAgents --password-file missing
    fails 1 'missing cannot be read'
    clienteled user add zoe@contoso.example --roles AdminAgents </dev/null
    fails 1 'use --password-file'
    clienteled user add zoe@contoso.example --roles AdminAgents --password secret
    fails 2 'there is no flag --password'
    clienteled user list
    [ -z "$output" ]
}

@test "a user is added once, and may come from standard input" {
    run --separate-stderr "$CLIENTELED" user add zoe@contoso.example --roles SalesAgents --password-file - \
        --data data <password
    works
    add ZOE@contoso.example --roles SalesAgents
    fails 1 "There is a user 'zoe@contoso.example' already."
}

@test "a password typed at the terminal is asked twice and never shown" {
    type=$(printf '{ sleep 1; echo "a long password"; sleep 1; echo "a long password"; sleep 1; }')
    bash -c "$type" | script -qec "$CLIENTELED user add zoe@contoso.example --roles SalesAgents --data data" seen \
        >/dev/null
    grep -q 'Password, again:' seen
    grep -q 'zoe@contoso.example' seen
    ! grep -q 'a long password' seen || false
    clienteled user list
    [ "${#lines[@]}" -eq 2 ]
}

@test "a second factor is shown once, as address and QR code" {
    add zoe@contoso.example --roles AdminAgents --totp
    works
    [[ "$output" =~ otpauth://totp/Clientele:zoe%40contoso.example\?secret=[A-Z2-7]{32}\&issuer=Clientele ]]
    [[ "$output" == *█* ]]
    clienteled user list --json
    [ "$(jq .secondFactor <<<"$output")" = true ]
    [[ "$output" != *otpauth* ]]
    clienteled user reset zoe@contoso.example --no-totp
    works
    clienteled user list --json
    [ "$(jq .secondFactor <<<"$output")" = false ]
    clienteled user reset zoe@contoso.example --totp
    works
    [[ "$output" == *otpauth://* ]]
    clienteled user reset zoe@contoso.example --totp --no-totp
    fails 2 'exclude each other'
}

@test "disable, enable, reset and remove work on the one that is named" {
    add zoe@contoso.example --roles AdminAgents
    add ann@contoso.example --roles AdminAgents
    clienteled user disable zoe@contoso.example
    works
    [ "$output" = 'zoe@contoso.example disabled' ]
    clienteled user list --json
    [ "$(jq -sc 'map(.disabled)' <<<"$output")" = '[false,true]' ]
    clienteled user enable zoe@contoso.example
    works
    clienteled user reset zoe@contoso.example --roles HelpdeskAgents
    works
    clienteled user list --json
    [ "$(jq -sc 'map(.roles[0])' <<<"$output")" = '["AdminAgents","HelpdeskAgents"]' ]
    clienteled user remove zoe@contoso.example
    works
    clienteled user remove zoe@contoso.example
    fails 1 "There is no user 'zoe@contoso.example'"
    clienteled user list
    [ "${#lines[@]}" -eq 2 ]
    "$CLIENTELED" partner remove contoso.example --yes contoso.example --data data
    clienteled check
    [[ "$output" == '0 partners, 0 applications, 0 users, '*': 0 findings' ]]
}

# ---- applications ----------------------------------------------------------------------------------------

@test "a public application has redirects and no secret" {
    clienteled app add --partner contoso.example --id "$APP" --public \
        --redirect-uri 'http://localhost/ https://portal.example/cb'
    works
    [[ "$output" != *secret* ]]
    clienteled app list --json
    [ "$(jq -c '[.public,.redirectUris]' <<<"$output")" = \
        '[true,["http://localhost/","https://portal.example/cb"]]' ]
    clienteled app secret add --partner contoso.example "$APP"
    fails 1 'The application is public'
    clienteled app add --partner contoso.example --redirect-uri http://portal.example/
    fails 2 'A redirect URI must be https://'
}

ask_token() { # SECRET: prints the status
    curl -s -o /dev/null -w '%{http_code}' "$BASE/contoso.example/oauth2/token" -d grant_type=client_credentials \
        -d resource=https://api.partnercenter.microsoft.com -d "client_id=$APP" --data-urlencode "client_secret=$1"
}

@test "secrets are exchanged without a pause, beside a running server" {
    clienteled app add --partner contoso.example --id "$APP"
    first=$(sed -n 's/^secret *//p' <<<"$output")
    "$CLIENTELED" serve --data data --listen 127.0.0.1:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do [ -s ready ] && break; sleep 0.1; done
    BASE="http://$(cat ready)"
    clienteled app secret add --partner contoso.example "$APP"
    works
    second=$(sed -n 's/^secret *//p' <<<"$output")
    [ "$(ask_token "$first")" = 200 ]
    [ "$(ask_token "$second")" = 200 ]
    clienteled app secret add --partner contoso.example "$APP"
    fails 1 'has two secrets already'
    clienteled app secret list --partner contoso.example "$APP"
    works
    [ "${#lines[@]}" -eq 2 ]
    clienteled app secret remove --partner contoso.example "$APP" --secret "${lines[0]}"
    works
    [ "$(ask_token "$first")" = 401 ]
    [ "$(ask_token "$second")" = 200 ]
    clienteled app secret remove --partner contoso.example "$APP" --secret 00000000
    fails 1 "has no secret '00000000'"
    ! grep -qF -e "$first" -e "$second" log || false
}

@test "what is secret goes to standard output alone, however much is logged, and not into the server's log" {
    "$CLIENTELED" serve --data data --listen 127.0.0.1:0 --ready-fd 3 --log-level debug 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do [ -s ready ] && break; sleep 0.1; done
    BASE="http://$(cat ready)"
    loud() { "$CLIENTELED" "$@" --data data --log-level debug >>said 2>>log; }
    loud user add zoe@contoso.example --roles AdminAgents --password-file password --totp
    loud user reset zoe@contoso.example --totp
    printf 'another password\n' >password
    loud user reset zoe@contoso.example --password-file password
    loud app add --partner contoso.example --id "$APP"
    loud app secret add --partner contoso.example "$APP"
    secrets=$(sed -n 's/^secret *//p; s/.*[?]secret=\([A-Z2-7]*\)&.*/\1/p' said)
    [ "$(wc -l <<<"$secrets")" -eq 4 ]
    for secret in $secrets; do ask_token "$secret" >/dev/null; done
    ! grep -qF -e 'correct horse battery' -e 'another password' -e argon2 said || false
    for secret in $secrets 'correct horse battery' 'another password' argon2; do ! grep -qF -e "$secret" log; done
    grep -q oauth2 log
}
