#!/usr/bin/env bats
# Who may do what (api.md 7.4): each route for an application and for a user of each role. $CLIENTELED is tested.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/sign_in

NOBODY=00000000-0000-4000-8000-000000000000

# Method, path, and whether an application, HelpdeskAgents, SalesAgents and AdminAgents get past the door.
ROUTES="
GET    v1/customers                                       y y y y
POST   v1/customers                                       y n y y
GET    v1/customers/{id}                                  y y y y
PATCH  v1/customers/{id}                                  n n n y
DELETE v1/customers/{id}                                  y n n y
GET    v1/customers/relationshiprequests                  n y y y
GET    v1/customers/{id}/profiles/company                 n y y y
GET    v1/customers/{id}/profiles/billing                 y y y y
PUT    v1/customers/{id}/profiles/billing                 y n y y
GET    v1/customers/{id}/relationships                    n y y y
GET    v1/customers/{id}/qualification                    y y y y
PUT    v1/customers/{id}/qualification                    y n y y
GET    v1/customers/{id}/qualifications                   y y y y
POST   v1/customers/{id}/qualifications                   n n y y
GET    v1/customers/all/validations                       y y y y
GET    v1/relationships                                   n y y y
GET    v1/profiles/organization                           y y y y
HEAD   v1/domains/{domain}                                y y y y
GET    v1/validations/checkdomainavailability/{prefix}    y y y y
POST   v1/validations/address                             y y y y
GET    v1/countryvalidationrules/{iso2}                   y y y y
GET    v1/auditrecords                                    y y y y
GET    v1/auditrecords/{id}                               y y y y
GET    auditactivity/v1/auditrecords                      y y y y
GET    auditactivity/v1/auditrecords/{id}                 y y y y
GET    clientele/v1/applications                          n n n y
POST   clientele/v1/applications                          n n n y
GET    clientele/v1/applications/{id}                     n n n y
PATCH  clientele/v1/applications/{id}                     n n n y
DELETE clientele/v1/applications/{id}                     n n n y
POST   clientele/v1/applications/{id}/secrets             n n n y
DELETE clientele/v1/applications/{id}/secrets/{secret}    n n n y
GET    clientele/v1/users                                 n n n y
POST   clientele/v1/users                                 n n n y
GET    clientele/v1/users/{id}                            n n n y
PATCH  clientele/v1/users/{id}                            n n n y
DELETE clientele/v1/users/{id}                            n n n y
POST   clientele/v1/users/{id}/reset                      n n n y
GET    clientele/v1/keys                                  n n n y
"

tokens() { # one for each kind of caller, in token.app, token.helpdesk, token.sales, token.admin
    local user
    curl -s "$BASE/$TENANT/oauth2/v2.0/token" -d grant_type=client_credentials -d "client_id=$SECRET_APP" \
        -d client_secret=demo-secret-not-for-production -d scope=https://api.partnercenter.microsoft.com/.default |
        jq -r .access_token >token.app
    for user in helpdesk sales admin; do
        token grant_type=password "username=$user@fabrikam.example" "password=$PASSWORD" "scope=$SCOPE"
        member access_token >"token.$user"
    done
}

begin() { # FLAGS...
    echo "$PASSWORD" >password
    chmod 600 password
    "$CLIENTELED" user add sales@fabrikam.example --roles SalesAgents --password-file password --data data >/dev/null
    serve --auth-allow-password-grant "$@"
    tokens
}

door() { # METHOD PATH CALLER: y if the caller gets past it, n if not, with the contract's refusal
    local path flags=()
    path=$(sed "s/{id}/$NOBODY/; s/{[a-z0-9]*}/xx/" <<<"$2")
    case "$1" in
    HEAD) flags=(-I) ;;
    GET) ;;
    *) flags=(-X "$1" -d '{}' -H 'Content-Type: application/json') ;;
    esac
    code=$(curl -s -o body.json -w '%{http_code}' "$BASE/$path" -H "Authorization: Bearer $(cat "token.$3")" "${flags[@]}")
    case "$code:$(jq -r '.code? // empty' body.json 2>/dev/null)" in
    403:1002) [ "$3" != app ] && echo n ;;
    403:900329) [ "$3" = app ] && echo n ;;
    401:* | 500:*) echo "$code" ;;
    *) echo y ;;
    esac
}

@test "each route lets in whom the contract lets in, and tells the others why not" {
    begin
    wrong=
    while read -r method path expected; do
        [ -n "$method" ] || continue
        found=
        for caller in app helpdesk sales admin; do found="$found $(door "$method" "$path" "$caller")"; done
        [ "$found" = " $expected" ] || wrong="$wrong$method $path:$found, not $expected"$'\n'
    done <<<"$ROUTES"
    echo "$wrong"
    [ -z "$wrong" ]
}

@test "without auth.require_user an application may do what needs a user, but not administer" {
    begin --auth-require-user=false
    while read -r method path _; do
        [ -n "$method" ] || continue
        expected=y
        [[ "$path" != clientele/* ]] || expected=n
        [ "$(door "$method" "$path" app)" = "$expected" ]
    done <<<"$ROUTES"
}

@test "the table above has every route of the API" {
    listed=$(awk 'NF { print $1, $2 }' <<<"$ROUTES" | sort)
    served=$(tr '\n' ' ' <"$BATS_TEST_DIRNAME/../../src/http/routes.c" | grep -o '{CLTI_METHOD_[A-Z]*, *"[^"]*v1/[^"]*"' |
        sed 's/{CLTI_METHOD_\([A-Z]*\), *"\(.*\)"/\1 \2/' | sort)
    diff <(echo "$listed") <(echo "$served")
}

@test "audit records name the user, and none for an application" {
    begin
    create() { # CALLER DOMAIN
        curl -s -o body.json "$BASE/v1/customers" -H "Authorization: Bearer $(cat "token.$1")" -H 'Content-Type: application/json' -d '{
            "companyProfile": {"domain": "'"$2"'"},
            "billingProfile": {"culture": "en-US", "language": "en", "email": "a@b.example", "companyName": "A", "defaultAddress": {
                "firstName": "A", "lastName": "B", "addressLine1": "1 Main St", "city": "Redmond", "state": "WA", "postalCode": "98052",
                "country": "US", "phoneNumber": "4255550101"}}}'
    }
    create sales by-user.example
    create app by-application.example
    curl -s "$BASE/v1/auditrecords?startDate=$(date -u +%Y-%m-%d)" -H "Authorization: Bearer $(cat token.admin)" >audit.json
    [ "$(jq -r '[.items[] | .userPrincipalName // "-"] | sort | join(" ")' audit.json)" = "- sales@fabrikam.example" ]
}
