#!/usr/bin/env bats
# Users sign in: code with PKCE, device code, refresh tokens, roles; and the attacks on these. $CLIENTELED is tested.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/sign_in

@test "nothing of a core of the server can be left behind" {
    serve
    grep -q '^Max core file size *0 *0 ' "/proc/$SERVER/limits"
}

@test "code with PKCE gives tokens that the API takes, and a page that forbids scripts" {
    serve
    open_page "$(authorize_url)"
    [ "$code" = 200 ]
    grep -qi "^Content-Security-Policy: default-src 'none'; style-src 'nonce-.*form-action 'self' http://localhost:8400; frame-ancestors 'none'" head
    grep -qi '^X-Frame-Options: DENY' head
    grep -qi '^Set-Cookie: .*HttpOnly; SameSite=Lax' head
    grep -qi '^Cache-Control: no-store' head
    ! grep -qi '<script' page.html || false
    sign_in admin@fabrikam.example
    [ "$code" = 303 ]
    [[ "$location" == "${BACK}?code="*"&state=s%20%261" ]]
    redeem client_info=1
    [ "$code" = 200 ]
    [ "$(claims "$(member access_token)" | jq -r '[.tid,.preferred_username,.scp,.roles[0],.amr[0]]|join(" ")')" = \
        "$TENANT admin@fabrikam.example user_impersonation AdminAgents pwd" ]
    [ "$(claims "$(member id_token)" | jq -r '[.aud,.nonce]|join(" ")')" = "$APP n1" ]
    [ -n "$(member client_info)" ]
    call /v1/customers?size=1
    [ "$code" = 200 ]
    call /v1/relationships?relationship_type=IsIndirectResellerOf
    [ "$code" = 200 ]
    ! grep -qF -e "$grant" -e "$PASSWORD" -e "$(member refresh_token)" log || false
}

@test "a code counts once, and its second use ends what the first has given" {
    serve
    sign_in admin@fabrikam.example
    redeem
    [ "$code" = 200 ]
    refresh=$(member refresh_token)
    redeem
    [ "$code$(member error)" = 400invalid_grant ]
    token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code$(member error)" = 400invalid_grant ]
}

@test "refresh tokens rotate, and reuse revokes the family" {
    serve
    sign_in admin@fabrikam.example
    redeem
    first=$(member refresh_token)
    token grant_type=refresh_token "refresh_token=$first"
    [ "$code" = 200 ]
    second=$(member refresh_token)
    [ "$first" != "$second" ]
    token grant_type=refresh_token "refresh_token=$first"
    [ "$code$(member error)" = 400invalid_grant ]
    token grant_type=refresh_token "refresh_token=$second"
    [ "$code$(member error)" = 400invalid_grant ]
}

@test "a code is worth nothing without its verifier, redirect, application and tenant" {
    serve
    for change in code_verifier= code_verifier=wrongwrongwrongwrongwrongwrongwrongwrongwrong1 \
        redirect_uri=http://localhost:8401/ redirect_uri= "client_id=$SECRET_APP"; do
        sign_in admin@fabrikam.example
        local -A values=([client_id]=$APP [redirect_uri]=$BACK [code_verifier]=$VERIFIER)
        values[${change%%=*}]=${change#*=}
        code=$(curl -s -o token.json -w '%{http_code}' "$BASE/$TENANT/oauth2/v2.0/token" \
            -d grant_type=authorization_code -d "code=$grant" -d "client_id=${values[client_id]}" \
            --data-urlencode "redirect_uri=${values[redirect_uri]}" -d "code_verifier=${values[code_verifier]}")
        [ "$code$(member error)" = 400invalid_grant ]
    done
    sign_in admin@fabrikam.example
    PATH_TENANT=$OTHER redeem
    [ "$code$(member error)" = 400invalid_grant ]
    redeem
    [ "$code" = 200 ]
}

@test "PKCE cannot be left away, weakened or added later" {
    serve
    for change in 'code_challenge=' 'code_challenge_method=' 'code_challenge_method=plain' 'code_challenge=short'; do
        open_page "$(authorize_url "$change")"
        [ "$code" = 303 ]
        grep -q '^Location: http://localhost:8400/?error=invalid_request' head
    done
}

@test "another redirect is told to the user alone, never followed" {
    serve
    for uri in https://evil.example/ http://localhost:8400/x http://localhost.evil.example/ \
        http://localhost:8400@evil.example/ //evil.example/ 'javascript:alert(1)' http://127.0.0.2/ \
        "http://localhost:8400/"$'\r\n'"Set-Cookie: x=y"; do
        open_page "$(authorize_url "redirect_uri=$uri")"
        [ "$code" = 400 ]
        ! grep -qi '^Location' head || false
        ! grep -qi '^Set-Cookie: x=y' head || false
    done
    open_page "$(authorize_url client_id=11111111-2222-4333-8444-555555555555)"
    [ "$code" = 400 ]
}

@test "the form of another browser or another request is refused" {
    serve
    url=$(authorize_url)
    open_page "$url"
    form=$(hidden form)
    rm jar
    submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
    [ "$code" = 400 ]
    open_page "$url"
    code=$(curl -s -b jar -o page.html -w '%{http_code}' "$url" -d "form=$form" -d username=admin@fabrikam.example -d "password=$PASSWORD")
    [ "$code" = 400 ]
    open_page "$url"
    submit "$(authorize_url state=other)" username=admin@fabrikam.example "password=$PASSWORD"
    [ "$code" = 400 ]
}

@test "texts of the request are shown as text" {
    serve
    open_page "$(authorize_url 'login_hint="><script>alert(1)</script>')"
    [ "$code" = 200 ]
    ! grep -q '<script' page.html || false
    grep -q '&quot;&gt;&lt;script&gt;' page.html
}

@test "unknown user and wrong password look alike; ten failures lock the name, known or not" {
    serve
    url=$(authorize_url)
    for user in admin@fabrikam.example nobody@fabrikam.example nobody@nowhere.example; do
        open_page "$url"
        for i in $(seq 10); do
            submit "$url" "username=$user" password=wrong-password
            [ "$code" = 400 ]
            grep -q 'The user or the password is wrong.' page.html
        done
        submit "$url" "username=$user" "password=$PASSWORD"
        [ "$code" = 429 ]
        grep -q 'Too many attempts failed.' page.html
    done
}

@test "the second factor is asked for, counts once, and shows in amr" {
    "$CLIENTELED" user reset admin@fabrikam.example --totp --data data >enrolled
    secret=$(sed -n 's/.*secret=\([A-Z2-7]*\).*/\1/p' enrolled)
    serve --auth-require-mfa
    url=$(authorize_url)
    open_page "$url"
    submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
    [ "$code" = 200 ]
    ticket=$(hidden ticket)
    [ -n "$ticket" ]
    grep -q "<svg role=\"img\".*</svg>" page.html
    grep -q "<code>$secret</code>" page.html
    submit "$url" username=admin@fabrikam.example "ticket=$ticket" otp=000000
    [ "$code" = 400 ]
    grep -q "<code>$secret</code>" page.html
    otp=$(oathtool --totp -b "$secret")
    submit "$url" username=helpdesk@fabrikam.example "ticket=$ticket" "otp=$otp"
    [ "$code" = 400 ]
    open_page "$url"
    submit "$url" username=admin@fabrikam.example "ticket=$ticket" "otp=$otp"
    [ "$code" = 303 ]
    grant=$(sed -n 's/.*[?&]code=\([^&]*\).*/\1/p' <<<"$location")
    open_page "$url"
    submit "$url" username=admin@fabrikam.example "ticket=$ticket" "otp=$otp"
    [ "$code" = 400 ]
    ! grep -q -e '<svg' -e "$secret" page.html || false # it has been used, so its owner has it
    open_page "$url"
    submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
    [ -n "$(hidden ticket)" ]
    ! grep -q -e '<svg' -e "$secret" page.html || false
    redeem
    [ "$(claims "$(member access_token)" | jq -c .amr)" = '["pwd","mfa"]' ]
    call /v1/customers?size=1
    [ "$code" = 200 ]
    sign_in helpdesk@fabrikam.example
    redeem
    call /v1/customers?size=1
    [ "$code$(jq .code body.json)" = 40110001 ]
}

@test "helpdesk reads and does not write; who is disabled is out at once" {
    serve
    sign_in helpdesk@fabrikam.example
    redeem
    call /v1/customers?size=1
    [ "$code" = 200 ]
    call /v1/customers -d '{}'
    [ "$code$(jq .code body.json)" = 4031002 ]
    "$CLIENTELED" user disable helpdesk@fabrikam.example --data data
    call /v1/customers?size=1
    [ "$code" = 401 ]
    token grant_type=refresh_token "refresh_token=$(member refresh_token)"
    [ "$code$(member error)" = 400invalid_grant ]
}

@test "a device waits for its user, who may decline" {
    serve
    begin() {
        curl -s -o device.json "$BASE/common/oauth2/v2.0/devicecode" -d "client_id=$APP" --data-urlencode "scope=$SCOPE"
        url="$BASE/devicelogin?user_code=$(jq -r .user_code device.json)"
    }
    poll() {
        PATH_TENANT=common token grant_type=urn:ietf:params:oauth:grant-type:device_code \
            "device_code=$(jq -r .device_code device.json)"
    }
    begin
    [[ "$(jq -r .verification_uri device.json)" == "$BASE/devicelogin" ]]
    poll
    [ "$(member error)" = authorization_pending ]
    poll
    [ "$(member error)" = slow_down ]
    open_page "$url"
    [ "$code" = 200 ]
    submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
    [ "$code" = 200 ]
    grep -q 'Signed in' page.html
    poll
    [ "$code" = 200 ]
    call /v1/customers?size=1
    [ "$code" = 200 ]
    poll
    [ "$code$(member error)" = 400invalid_grant ]
    begin
    open_page "$url"
    submit "$url" decline=1
    [ "$code" = 200 ]
    poll
    [ "$(member error)" = authorization_declined ]
    open_page "$BASE/devicelogin?user_code=BBBB-BBBB"
    [ "$code" = 400 ]
}

@test "revocation and sign-out end a refresh token" {
    serve
    sign_in admin@fabrikam.example
    redeem
    refresh=$(member refresh_token)
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$BASE/$TENANT/oauth2/v2.0/revoke" -d "token=$refresh")" = 200 ]
    token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code" = 400 ]
    sign_in admin@fabrikam.example
    redeem
    refresh=$(member refresh_token)
    open_page "$BASE/$TENANT/oauth2/v2.0/logout?$(query "id_token_hint=$(member id_token)" post_logout_redirect_uri=https://evil.example/)"
    [ "$code" = 200 ]
    token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code" = 400 ]
    open_page "$BASE/$TENANT/oauth2/v2.0/logout?post_logout_redirect_uri=https://evil.example/"
    [ "$code" = 200 ]
}

@test "the password grant is off unless it is switched on" {
    serve
    token grant_type=password username=admin@fabrikam.example "password=$PASSWORD" "scope=$SCOPE"
    [ "$code$(member error)" = 400unsupported_grant_type ]
    stop_server
    serve --auth-allow-password-grant
    token grant_type=password username=admin@fabrikam.example "password=$PASSWORD" "scope=$SCOPE"
    [ "$code" = 200 ]
    call /v1/customers?size=1
    [ "$code" = 200 ]
    token grant_type=password username=admin@fabrikam.example password=wrong-password "scope=$SCOPE"
    [ "$code$(member error)" = 400invalid_grant ]
}
