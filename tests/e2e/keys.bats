#!/usr/bin/env bats
# The keys that sign tokens change while a server runs and clients call. The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

TENANT=11111111-2222-4333-8444-555555555555

setup_file() {
    local variable
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELE_STORE_MAP_SIZE=16G
    cd "$BATS_FILE_TMPDIR"
    "$CLIENTELED" init --data store >/dev/null
    "$CLIENTELED" partner add contoso.example --id "$TENANT" --data store >/dev/null
    "$CLIENTELED" app add --partner contoso.example --data store >app
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" data
    APP=$(sed -n 's/^application *//p' "$BATS_FILE_TMPDIR/app")
    SECRET=$(sed -n 's/^secret *//p' "$BATS_FILE_TMPDIR/app")
}

teardown() {
    rm -f calling
    [ -z "${CALLERS:-}" ] || wait $CALLERS || :
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

serve() {
    "$CLIENTELED" serve --data data --listen 127.0.0.1:0 --ready-fd 3 --throttle-per-minute 0 \
        --throttle-tokens-per-client 0 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    URL=http://$(cat ready)
}

ask_token() {
    curl -sS --fail "$URL/$TENANT/oauth2/v2.0/token" -d grant_type=client_credentials -d "client_id=$APP" \
        --data-urlencode "client_secret=$SECRET" -d scope=https://api.partnercenter.microsoft.com/.default |
        jq -r .access_token
}

key_of() { # TOKEN
    local header
    header=$(cut -d. -f1 <<<"$1" | tr _- /+)
    while [ $((${#header} % 4)) -ne 0 ]; do header+='='; done
    base64 -d <<<"$header" | jq -r .kid
}

call() { # TOKEN: the status
    curl -s -o /dev/null -w '%{http_code}\n' "$URL/v1/customers?size=1" -H "Authorization: Bearer $1"
}

published() {
    curl -sS --fail "$URL/common/discovery/v2.0/keys" | jq -r '.keys[].kid'
}

# While the file `calling` is there: statuses into the file named.
call_with() { # FILE TOKEN
    while [ -e calling ]; do call "$2" >>"$1"; done
}

call_with_new_tokens() { # FILE
    while [ -e calling ]; do call "$(ask_token)" >>"$1"; done
}

wait_for_calls() { # FILE COUNT: until so many more have been made
    local want=$(($(wc -l <"$1") + $2))
    for _ in $(seq 600); do
        [ "$(wc -l <"$1")" -ge "$want" ] && return
        sleep 0.1
    done
    return 1
}

@test "a store begins with one key, and keys list tells of it without a private member" {
    clienteled keys list --json
    works
    [ "${#lines[@]}" -eq 1 ]
    [ "$(jq -r 'keys | join(",")' <<<"$output")" = 'created,id,signsFrom,state' ]
    [ "$(jq -r .state <<<"$output")" = signs ]
    clienteled keys list
    works
    [[ "${lines[0]}" == 'KEY '*'VERIFIES UNTIL' ]]
    [[ "${lines[1]}" == *' signs '*Z*'-' ]]
}

@test "keys are exchanged while clients call with old and new tokens, and no call fails" {
    serve
    local first second token
    first=$(published)
    token=$(ask_token)
    touch calling old new
    call_with old "$token" &
    CALLERS=$!
    call_with_new_tokens new &
    CALLERS+=" $!"
    wait_for_calls old 5
    wait_for_calls new 5

    clienteled keys rotate
    works
    second=$(clienteled keys list --json && jq -r 'select(.state == "waits").id' <<<"$output")
    [ -n "$second" ]
    [ "$(published)" = "$second"$'\n'"$first" ]
    [ "$(key_of "$(ask_token)")" = "$first" ]
    wait_for_calls new 5

    clienteled keys rotate --now
    works
    [ "$(key_of "$(ask_token)")" = "$second" ]
    [ "$(published)" = "$second"$'\n'"$first" ]
    wait_for_calls old 10
    wait_for_calls new 10
    rm calling
    wait $CALLERS
    CALLERS=
    [ "$(sort -u old new)" = 200 ]
}

@test "a third key is refused while two are valid, and the way out is told" {
    clienteled keys rotate --now
    works
    clienteled keys rotate
    [ "$status" -eq 1 ]
    [[ "$stderr" == 'clienteled: Two keys are valid already: '*'remove it'* ]]
    clienteled keys list
    [ "${#lines[@]}" -eq 3 ]
}

@test "a removed key's tokens are refused at once by the running server" {
    serve
    local token old
    token=$(ask_token)
    old=$(key_of "$token")
    [ "$(call "$token")" = 200 ]
    run --separate-stderr "$CLIENTELED" keys remove --data data -- "$old"
    [ "$status" -eq 1 ]
    [[ "$stderr" == *'only key'*'rotate first'* ]]
    clienteled keys rotate --now
    works
    run --separate-stderr "$CLIENTELED" keys remove --data data -- "$old"
    works
    [ "$(call "$token")" = 401 ]
    [ "$(call "$(ask_token)")" = 200 ]
    [[ "$(published)" != *"$old"* ]]
    run --separate-stderr "$CLIENTELED" keys remove --data data -- "$old"
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"no key '$old'"*'keys list'* ]]
}

@test "an export with keys brings a waiting key along as it is" {
    clienteled keys rotate
    works
    clienteled keys list
    local before="$output"
    clienteled export --keys lines
    works
    run --separate-stderr "$CLIENTELED" import --data other lines
    works
    run --separate-stderr "$CLIENTELED" keys list --data other
    [ "$output" = "$before" ]
}
