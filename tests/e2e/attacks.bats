#!/usr/bin/env bats
# What such servers fall to, each tried on the token authority. $CLIENTELED is tested. Codes and refresh tokens used twice,
# PKCE and redirects are in sign_in.bats; forged tokens in tests/identity/test_verify.c and test_callers.c.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/sign_in

repeat() { head -c "$2" /dev/zero | tr '\0' "$1"; } # CHARACTER COUNT

@test "another tenant in the path gets nothing: sign-in, code, refresh token, device, application" {
    serve
    PATH_TENANT=$OTHER sign_in admin@fabrikam.example # the application is registered there, but the user is not
    [[ "$location" == "${BACK}?error=access_denied"* ]]
    sign_in admin@fabrikam.example
    PATH_TENANT=northwind.example redeem
    [ "$code$(member error)" = 400invalid_grant ]
    redeem
    [ "$code" = 200 ]
    refresh=$(member refresh_token)
    PATH_TENANT=$OTHER token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code$(member error)" = 400invalid_grant ]
    PATH_TENANT=nobody.example token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code$(member error)" = 400invalid_request ]
    PATH_TENANT=common token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code" = 200 ]
    curl -s -o device.json "$BASE/$OTHER/oauth2/v2.0/devicecode" -d "client_id=$APP"
    url="$BASE/devicelogin?user_code=$(jq -r .user_code device.json)"
    open_page "$url"
    submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
    PATH_TENANT=$OTHER token grant_type=urn:ietf:params:oauth:grant-type:device_code "device_code=$(jq -r .device_code device.json)"
    [ "$code$(member error)" = 400invalid_grant ]
    curl -s -o token.json "$BASE/$OTHER/oauth2/v2.0/token" -d grant_type=client_credentials -d "client_id=$SECRET_APP" \
        -d client_secret=demo-secret-not-for-production -d scope=https://api.partnercenter.microsoft.com/.default
    [ "$(member error)" = invalid_client ]
}

@test "a user of one partner cannot let an application of another in" {
    echo "$PASSWORD" >password
    chmod 600 password
    "$CLIENTELED" user add ann@northwind.example --roles AdminAgents --password-file password --data data >/dev/null
    tool=$("$CLIENTELED" app add --partner fabrikam.example --public --redirect-uri http://localhost/ --data data | awk '$1 == "application" { print $2 }')
    serve
    for PATH_TENANT in "$TENANT" common; do
        sign_in ann@northwind.example "client_id=$tool"
        [[ "$location" == "${BACK}?error=access_denied"* ]]
        [ -z "$grant" ]
    done
    curl -s -o device.json "$BASE/common/oauth2/v2.0/devicecode" -d "client_id=$tool"
    url="$BASE/devicelogin?user_code=$(jq -r .user_code device.json)"
    open_page "$url"
    submit "$url" username=ann@northwind.example "password=$PASSWORD"
    PATH_TENANT=common token grant_type=urn:ietf:params:oauth:grant-type:device_code "client_id=$tool" "device_code=$(jq -r .device_code device.json)"
    [ "$code" != 200 ]
    [ -z "$(member access_token)" ]
}

@test "what was given for one purpose is worth nothing for another" {
    serve
    sign_in admin@fabrikam.example
    token grant_type=refresh_token "refresh_token=$grant"
    [ "$code$(member error)" = 400invalid_grant ]
    redeem
    [ "$code" = 200 ]
    id_token=$(member id_token) access=$(member access_token) refresh=$(member refresh_token)
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$BASE/v1/customers" -H "Authorization: Bearer $id_token")" = 401 ]
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$BASE/v1/customers" -H "Authorization: Bearer $refresh")" = 401 ]
    open_page "$BASE/$TENANT/oauth2/v2.0/logout?id_token_hint=$access"
    grant=$refresh
    redeem
    [ "$code$(member error)" = 400invalid_grant ]
    token grant_type=urn:ietf:params:oauth:grant-type:device_code "device_code=$refresh"
    [ "$code$(member error)" = 400invalid_grant ]
    token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code" = 200 ]
}

@test "a scope cannot grow on the way" {
    serve
    sign_in admin@fabrikam.example "scope=https://api.partnercenter.microsoft.com/user_impersonation"
    redeem "scope=$SCOPE"
    [ "$code" = 200 ]
    [ -z "$(member refresh_token)$(member id_token)" ]
    sign_in admin@fabrikam.example
    redeem scope=https://graph.microsoft.com/.default
    [ "$code$(member error)" = 400invalid_scope ]
}

@test "a public application may not claim a secret, nor one with a secret leave it away" {
    "$CLIENTELED" app add --partner fabrikam.example --redirect-uri https://portal.example/ --data data >added
    portal=$(awk '$1 == "application" { print $2 }' added)
    serve
    sign_in admin@fabrikam.example
    redeem client_secret=guess
    [ "$code$(member error)" = 401invalid_client ]
    sign_in admin@fabrikam.example "client_id=$portal" redirect_uri=https://portal.example/
    for secret in '' wrong; do
        code=$(curl -s -o token.json -w '%{http_code}' "$BASE/$TENANT/oauth2/v2.0/token" -d grant_type=authorization_code \
            -d "code=$grant" -d "client_id=$portal" -d "client_secret=$secret" -d redirect_uri=https://portal.example/ -d "code_verifier=$VERIFIER")
        [ "$code$(member error)" = 401invalid_client ]
    done
    secret=$(awk '$1 == "secret" { print $2 }' added)
    code=$(curl -s -o token.json -w '%{http_code}' "$BASE/$TENANT/oauth2/v2.0/token" -d grant_type=authorization_code -d "code=$grant" \
        -d "client_id=$portal" -d "client_secret=$secret" -d redirect_uri=https://portal.example/ -d "code_verifier=$VERIFIER")
    [ "$code" = 200 ]
}

@test "no way leads to an address that is not registered" {
    serve
    sign_in admin@fabrikam.example
    redeem
    for uri in https://evil.example/ //evil.example/ http://localhost.evil.example:8400/ "$BACK@evil.example/" 'http://localhost:8400/%2e%2e' \
        http://LOCALHOST:8400/ http://localhost:8400/dashboard 'http://localhost:8400/#x' 'http://localhost:8400/?x' http://[::2]:8400/ http://[::1]:8400/x; do
        open_page "$(authorize_url "redirect_uri=$uri" response_type=nonsense)"
        [ "$code" = 400 ]
        ! grep -qi '^Location' head || false
        open_page "$BASE/$TENANT/oauth2/v2.0/logout?$(query "id_token_hint=$(member id_token)" "post_logout_redirect_uri=$uri")"
        [ "$code" = 200 ]
        ! grep -qi '^Location' head || false
    done
}

@test "whether a user exists does not show: the same answer, and times for you to see" {
    serve
    url=$(authorize_url)
    open_page "$url"
    for user in helpdesk@fabrikam.example nobody@fabrikam.example nobody@nowhere.example 'no name' ''; do
        begun=$(date +%s%N)
        submit "$url" "username=$user" password=wrong-password
        echo "# $(((($(date +%s%N) - begun)) / 1000)) us for '$user'" >&3
        [ "$code" = 400 ]
        sed 's/value="[^"]*"//g; s/nonce="[^"]*"//' page.html >answer
        [ -e first ] || cp answer first
        cmp first answer
    done
}

@test "everything that is too large is refused, and the server goes on" {
    serve
    for more in "state=$(repeat s 3000)" "nonce=$(repeat n 3000)" "scope=$(repeat x 3000)" "code_challenge=$(repeat c 3000)"; do
        open_page "$(authorize_url "$more")"
        [ "$code" = 303 ]
        grep -q '^Location: http://localhost:8400/?error=invalid_' head
        [ "$(wc -c <head)" -lt 4000 ]
    done
    url=$(authorize_url)
    open_page "$url"
    submit "$url" "username=$(repeat u 40000)" password=x
    [ "$code" = 400 ]
    submit "$url" username=helpdesk@fabrikam.example "password=$(repeat p 40000)"
    [ "$code" = 400 ]
    submit "$url" username=helpdesk@fabrikam.example "ticket=$(repeat t 40000)" "otp=$(repeat 1 10000)"
    [ "$code" = 400 ]
    submit "$url" username=helpdesk@fabrikam.example "password=$(repeat p 80000)"
    [ "$code" = 400 ]
    open_page "$BASE/devicelogin?user_code=$(repeat B 5000)"
    [ "$code" = 400 ]
    for field in code refresh_token device_code client_id client_secret code_verifier; do
        token grant_type=authorization_code "redirect_uri=$BACK" code=x "$field=$(repeat x 50000)"
        [ "$code" = 400 ] || [ "$code" = 401 ]
        token grant_type=refresh_token refresh_token=x "$field=$(repeat x 70000)"
        [ "$code" = 400 ]
    done
    code=$(curl -s -o /dev/null -w '%{http_code}' "$url" -H "Cookie: clientele-sign-in=$(repeat c 5000)")
    [ "$code" = 200 ]
    sign_in helpdesk@fabrikam.example
    redeem
    [ "$code" = 200 ]
}

@test "codes, device codes and tickets survive a restart; what the client has stays good" {
    serve
    sign_in admin@fabrikam.example
    code_before=$grant
    curl -s -o device.json "$BASE/common/oauth2/v2.0/devicecode" -d "client_id=$APP" --data-urlencode "scope=$SCOPE"
    port=${BASE##*:}
    stop_server
    "$CLIENTELED" serve --data data --listen "127.0.0.1:$port" --ready-fd 3 3>ready 2>>log &
    SERVER=$!
    for _ in $(seq 100); do curl -s -o /dev/null "$BASE/healthz" && break; sleep 0.1; done
    grant=$code_before
    redeem
    [ "$code" = 200 ]
    url="$BASE/devicelogin?user_code=$(jq -r .user_code device.json)"
    open_page "$url"
    submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
    grep -q 'Signed in' page.html
    PATH_TENANT=common token grant_type=urn:ietf:params:oauth:grant-type:device_code "device_code=$(jq -r .device_code device.json)"
    [ "$code" = 200 ]
}
