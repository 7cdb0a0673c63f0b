#!/usr/bin/env bats
# Applications, users and keys by HTTP, for the administrators of a partner (api.md 13). $CLIENTELED is tested.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/sign_in

API=/clientele/v1
NOBODY=00000000-0000-4000-8000-000000000000

# A token as the admin of the demo, or as USER with SECRET, in token.json.
as() { # [USER [SECRET]]
    token grant_type=password "username=${1:-admin@fabrikam.example}" "password=${2:-$PASSWORD}" "scope=$SCOPE"
}

# METHOD PATH [JSON [FLAGS...]]: status in code, body in body.json, headers in head.
ask() {
    local flags=(-X "$1") path=$2 json=${3:-}
    shift 2
    shift $(($# > 0))
    [ -z "$json" ] || flags+=(-H 'Content-Type: application/json' -d "$json")
    call "$API$path" -D head "${flags[@]}" "$@"
}

of() { jq -r "$1" body.json; } # FILTER: of the body

ends() { # STATUS [CODE [TEXT]]
    [ "$code" = "$1" ] || { echo "status $code: $(cat body.json)"; return 1; }
    [ -z "${2:-}" ] || [ "$(of .code)" = "$2" ] || { cat body.json; return 1; }
    [ -z "${3:-}" ] || [[ "$(of .description)" == *"$3"* ]] || { cat body.json; return 1; }
}

begin() { # FLAGS...
    serve --auth-allow-password-grant "$@"
    as
}

add_user() { # NAME ROLE [MORE]: id in user, password in secret
    ask POST /users "{\"name\":\"$1\",\"roles\":[\"$2\"]${3:-}}"
    ends 201
    user=$(of .id) secret=$(of .password) otp=$(of '.secondFactorUri // empty')
}

audited() { # the newest audit record, in body.json
    call /v1/auditrecords?size=1
    [ "$code" = 200 ]
}

@test "an application is registered, gets tokens, is changed, and is gone at once" {
    begin
    ask POST /applications '{"name":"Nightly","redirectUris":["https://a.example/"]}'
    ends 201
    local app secret_id
    app=$(of .id) secret=$(of .secret) secret_id=$(of '.secrets[0].id')
    [ "$(sed -n 's/^Location: \(.*\)\r$/\1/p' head)" = "$API/applications/$app" ]
    grep -qi '^Cache-Control: no-store' head
    ask GET "/applications/$app"
    [ "$(of '[.name, .public, .demo, .redirectUris[0], .secret, .attributes.objectType] | @json')" = \
        '["Nightly",false,false,"https://a.example/",null,"Application"]' ]
    audited
    [ "$(of '.items[0] | [.operationType, .resourceType, .customerId, .userPrincipalName] | @json')" = \
        '["register_application","application",null,"admin@fabrikam.example"]' ]
    call "/v1/auditrecords/$(of '.items[0].id')"
    ends 200

    # A second secret, both valid, then the first taken away.
    ask POST "/applications/$app/secrets"
    ends 201
    otp=$(of .secret)
    ask POST "/applications/$app/secrets"
    ends 409 3000 'two secrets already'
    local asked
    for asked in "$secret" "$otp"; do
        cp token.json admin.json
        token "client_id=$app" grant_type=client_credentials "client_secret=$asked" scope=https://api.partnercenter.microsoft.com/.default
        [ "$code" = 200 ]
        cp token.json app.json
        cp admin.json token.json
    done
    ask DELETE "/applications/$app/secrets/$secret_id"
    ends 204
    ask DELETE "/applications/$app/secrets/$secret_id"
    ends 404 1000 'no such secret'
    token "client_id=$app" grant_type=client_credentials "client_secret=$secret" scope=https://api.partnercenter.microsoft.com/.default
    [ "$code" = 401 ]

    cp admin.json token.json
    ask PATCH "/applications/$app" '{"name":"","redirectUris":["https://b.example/","http://localhost/x"],"public":null}'
    ends 200
    [ "$(of '[.name, .redirectUris] | @json')" = '[null,["https://b.example/","http://localhost/x"]]' ]
    ask PATCH "/applications/$app" '{"public":true}'
    ends 400 3000 'cannot be changed'
    cp app.json token.json
    call /v1/customers?size=1
    [ "$code" = 200 ]
    cp admin.json token.json
    ask DELETE "/applications/$app"
    ends 204
    ask DELETE "/applications/$app"
    ends 404 1000
    cp app.json token.json
    call /v1/customers?size=1
    ends 401 400
}

@test "the application that asks does not cut the branch it sits on" {
    begin
    ask DELETE "/applications/$APP"
    ends 409 3000 'the one that asks'
    ask DELETE "/applications/$SECRET_APP"
    ends 204
    ask GET /applications
    [ "$(of '[.totalCount, .items[0].id, .links.self.uri] | @json')" = "[1,\"$APP\",\"$API/applications\"]" ]
}

@test "a user is added with password and second factor, signs in, and is disabled at once" {
    begin
    add_user ada@fabrikam.example SalesAgents ',"displayName":"Ada","secondFactor":true'
    [[ "$otp" == otpauth://totp/Clientele:ada%40fabrikam.example\?secret=*\&issuer=Clientele ]]
    local id=$user url key
    ask GET "/users/$id"
    [ "$(of '[.name, .displayName, .roles, .secondFactor, .disabled, .password, .secondFactorUri] | @json')" = \
        '["ada@fabrikam.example","Ada",["SalesAgents"],true,false,null,null]' ]
    grep -q "message=\"user administration\" operation=\"POST clientele/v1/users\" user=$id by=admin@fabrikam.example" log
    cp token.json admin.json

    # With password and second factor through the page.
    url=$(authorize_url)
    open_page "$url"
    submit "$url" username=ada@fabrikam.example "password=$secret"
    key=${otp#*secret=}
    submit "$url" username=ada@fabrikam.example "ticket=$(hidden ticket)" "otp=$(oathtool --totp -b "${key%%&*}")"
    grant=$(sed -n 's/.*[?&#]code=\([^&]*\).*/\1/p' <<<"$location")
    redeem
    [ "$code" = 200 ]
    refresh=$(member refresh_token)
    call /v1/customers?size=1
    [ "$code" = 200 ]
    cp token.json ada.json
    sleep 1.1 # tokens count seconds

    cp admin.json token.json
    ask PATCH "/users/$id" '{"disabled":true}'
    ends 200
    [ "$(of .disabled)" = true ]
    cp ada.json token.json
    call /v1/customers?size=1
    ends 401 400
    token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code" = 400 ]

    # Let in again, but with a new password and no second factor.
    cp admin.json token.json
    ask PATCH "/users/$id" '{"disabled":false}'
    local before=$secret
    ask POST "/users/$id/reset" '{"password":true,"secondFactor":false}'
    ends 200
    secret=$(of .password)
    [ "$secret" != "$before" ]
    [ "$(of .secondFactor)" = false ]
    as ada@fabrikam.example "$before"
    [ "$code" = 400 ]
    as ada@fabrikam.example "$secret"
    [ "$code" = 200 ]
    cp token.json ada.json
    cp admin.json token.json
    ask DELETE "/users/$id"
    ends 204
    cp ada.json token.json
    call /v1/customers?size=1
    ends 401 400
}

@test "the last administrator can not be locked out" {
    begin
    ask GET /users
    local admin second path
    admin=$(of '.items[] | select(.name == "admin@fabrikam.example").id')
    ask PATCH "/users/$admin" '{"disabled":true}'
    ends 409 3000 'last enabled user with the role AdminAgents'
    ask PATCH "/users/$admin" '{"roles":["SalesAgents"]}'
    ends 409 3000
    ask DELETE "/users/$admin"
    ends 409 3000
    ask PATCH "/users/$admin" '{"displayName":"Boss"}'
    ends 200
    add_user zoe@fabrikam.example AdminAgents
    second=$user
    ask PATCH "/users/$second" '{"disabled":true}'
    ends 200
    ask DELETE "/users/$admin"
    ends 409 3000
    ask PATCH "/users/$second" '{"disabled":false}'
    sleep 1.1
    ask DELETE "/users/$admin"
    ends 204
    ask GET /users
    ends 401
    as zoe@fabrikam.example "$secret"
    ask GET "/users/$admin"
    ends 404 1000 'user does not exist'
}

@test "the same request once more gets the same answer, secrets and all, and another one is refused" {
    begin
    local id=11111111-2222-4333-8444-555555555555 first
    ask POST /users '{"name":"ida@fabrikam.example","roles":["HelpdeskAgents"],"secondFactor":true}' -H "MS-RequestId: $id"
    ends 201
    cp body.json first.json
    secret=$(of .password)
    ask POST /users '{"name":"ida@fabrikam.example","roles":["HelpdeskAgents"],"secondFactor":true}' -H "MS-RequestId: $id"
    ends 201
    cmp first.json body.json
    ask POST /users '{"name":"joe@fabrikam.example","roles":["HelpdeskAgents"]}' -H "MS-RequestId: $id"
    ends 409 3000 'request id'
    ask POST /users '{"name":"IDA@fabrikam.example","roles":["HelpdeskAgents"]}'
    ends 409 3000 'a user of this name'
    ask POST /applications '{}' -H "MS-RequestId: $id"
    ends 201
    cp body.json first.json
    ask POST /applications '{}' -H "MS-RequestId: $id"
    ends 201
    cmp first.json body.json
    first=$(of .id)
    ask POST "/applications/$first/secrets" '' -H "MS-RequestId: $id"
    ends 201
    cp body.json first.json
    ask POST "/applications/$first/secrets" '' -H "MS-RequestId: $id"
    cmp first.json body.json
    ask DELETE "/applications/$first/secrets/$(of .id)" '' -H "MS-RequestId: $id"
    ends 204
    ask DELETE "/applications/$first/secrets/00000000" '' -H "MS-RequestId: $id"
    ends 404 1000
    ask POST /applications "{\"id\":\"$first\"}"
    ends 409 3000 'an application with this id'
}

@test "what is wrong with a body is told, all of it, with the way out" {
    begin
    local path json want
    while IFS='|' read -r path json want; do
        ask POST "$path" "$json"
        ends 400
        [[ "$(of '[.code, .data] | @json') $(of .description)" == *"$want"* ]] || { cat body.json; return 1; }
    done <<EOL
/users|{}|[3000,["Name","Roles"]]
/users|{"name":"ada@northwind.example","roles":["AdminAgents"]}|name must be like ada@fabrikam.example
/users|{"name":"ada","roles":["AdminAgents"]}|[3000,["Name"]]
/users|{"name":7,"roles":[],"disabled":"perhaps","displayName":{}}|[3000,["Name","DisplayName","Roles","Disabled"]]
/users|{"name":"ada@fabrikam.example","roles":["GlobalAdmin"]}|one or more of AdminAgents
/users|{"name":"ada@fabrikam.example","roles":["AdminAgents"],"password":"my-own-password"}|is made here
/users|{"name":"ada@fabrikam.example","roles":["AdminAgents"],"displayName":"a\\nb"}|control characters
/users|[]|[800002,[]] A user must be a JSON object
/users|{|[800002,[]]
/applications|{"id":"x","name":1,"public":2,"redirectUris":"https://a.example/"}|[3000,["Name","Public","RedirectUris","Id"]]
/applications|{"redirectUris":["http://a.example/"]}|must be https://
/applications|{"redirectUris":["https://a.example/\\nhttps://b.example/"]}|must be https://
/applications|{"redirectUris":["https://a.example/#x"]}|without user, fragment
/applications|{"name":"$(printf 'x%.0s' $(seq 201))"}|at most 200 characters
/applications|{"redirectUris":[$(for i in $(seq 5); do printf '"https://a.example/%02000d",' "$i"; done)]}|may have 8192 bytes
EOL
    ask POST "/users/$NOBODY/reset" '{"password":true}'
    ends 404 1000
    ask GET /users
    ask POST "/users/$(of '.items[1].id')/reset" '{}'
    ends 400 3000 'Nothing is to be reset'
    ask POST /users "$(printf '{"x":"%070000d"}' 0)"
    ends 400 800002 'larger than 65536'
}

@test "nobody reaches what another partner has, and nobody rises by what they send" {
    begin
    echo "$PASSWORD" >password
    "$CLIENTELED" user add boss@northwind.example --roles AdminAgents --password-file password --data data >/dev/null
    ask POST /applications '{"name":"ours","partnerId":"'"$OTHER"'","demo":true,"secrets":[]}'
    ends 201
    local ours admin path
    ours=$(of .id) secret=$(of .secret)
    [ "$(of .demo)" = false ]
    ask GET /users
    admin=$(of '.items[] | select(.name == "admin@fabrikam.example").id')
    [ "$(of '[.items[].name] | @json')" = '["admin@fabrikam.example","helpdesk@fabrikam.example"]' ]
    cp token.json admin.json

    PATH_TENANT=$OTHER as boss@northwind.example
    [ "$code" = 200 ]
    ask GET "/applications/$ours"
    ends 404 1000
    ask PATCH "/applications/$ours" '{"redirectUris":["https://evil.example/"]}'
    ends 404 1000
    for path in "/applications/$ours" "/applications/$ours/secrets/00000000" "/users/$admin"; do
        ask DELETE "$path"
        ends 404 1000
    done
    for path in "/applications/$ours/secrets" "/users/$admin/reset"; do
        ask POST "$path" '{"password":true}'
        ends 404 1000
    done
    ask PATCH "/users/$admin" '{"disabled":true}'
    ends 404 1000
    ask GET /users
    [ "$(of '[.items[].name] | @json')" = '["boss@northwind.example"]' ]

    # The helpdesk can not make itself an administrator, nor can an application, even where users are not asked for.
    cp admin.json token.json
    as helpdesk@fabrikam.example
    ask PATCH "/users/$(claims "$(member access_token)" | jq -r .oid)" '{"roles":["AdminAgents"]}'
    ends 403 1002
    stop_server
    serve --auth-allow-password-grant --auth-require-user=false
    token "client_id=$SECRET_APP" grant_type=client_credentials client_secret=demo-secret-not-for-production \
        scope=https://api.partnercenter.microsoft.com/.default
    ask POST /users '{"name":"eve@fabrikam.example","roles":["AdminAgents"]}'
    ends 403 900329
    cp admin.json token.json
    ask GET "/applications/$ours"
    [ "$(of '.redirectUris | length')" = 0 ]
}

@test "a partner that makes passwords without end does not keep others from signing in" {
    begin
    curl -s -Z --parallel-max 40 -o /dev/null -w '%{http_code}\n' "$BASE$API/users?[1-60]" -H "Authorization: Bearer $(member access_token)" \
        -H 'Content-Type: application/json' -d '{"name":"one@fabrikam.example","roles":["SalesAgents"]}' >codes
    [ "$(grep -c 201 codes)" = 1 ] # the others had their password made in vain, or not even that
    grep -q 409 codes
    grep -q 503 codes
    ask GET /users
    ask PATCH "/users/$(of '.items[-1].id')" '{"disabled":true}'
    ends 200
}

@test "signing keys are shown without their private part, and not to be changed" {
    begin
    ask GET /keys
    ends 200
    [ "$(of '[.totalCount, .items[0].state, (.items[0].publicKey | keys)] | @json')" = \
        '[1,"signs",["alg","e","kid","kty","n","use"]]' ]
    [ "$(of '.items[0].id')" = "$(curl -s "$BASE/common/discovery/v2.0/keys" | jq -r '.keys[0].kid')" ]
    ask POST /keys '{}'
    ends 405
}

@test "a page of another origin can not administer, and a header can not be smuggled in by a name" {
    begin
    ask POST /users '{"name":"eve@fabrikam.example","roles":["AdminAgents"]}' -H 'Origin: https://evil.example'
    ends 201 # a bearer token is no cookie: who has it may; but no page may read the answer
    ! grep -qi '^Access-Control' head || false
    secret=$(of .password)
    code=$(curl -s -o body.json -w '%{http_code}' -b "clientele-sign-in=$(member access_token)" "$BASE$API/users")
    ends 401 800001
    ask POST /applications '{"name":"a\r\nSet-Cookie: x=y"}'
    ends 400 3000 'control characters'
    ! grep -qi '^Set-Cookie' head || false
}
