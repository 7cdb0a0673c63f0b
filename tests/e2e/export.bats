#!/usr/bin/env bats
# `clienteled export`, and `import` of what it wrote: the same bytes again, or nothing at all.
# The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

setup_file() {
    local root variable
    root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELED="${CLIENTELED:-$root/bin/clienteled}"
    export CLIENTELE_STORE_MAP_SIZE=16G CLIENTELE_DATA=data
    cd "$BATS_FILE_TMPDIR"
    "$CLIENTELED" init >/dev/null
    "$CLIENTELED" partner add one.example --id 11111111-2222-4333-8444-555555555555 --name 'Öne "1"' \
        --country DE --mpn-id 42 --sandbox >/dev/null
    "$CLIENTELED" partner add two.example --id 11111111-2222-4333-8444-666666666666 --sandbox --strict >/dev/null
    "$CLIENTELED" partner link --provider one.example --reseller two.example >/dev/null
    "$CLIENTELED" app add --partner one.example --id 22222222-2222-4333-8444-555555555555 >app
    sed -n 's/^ *secret *//p' app >secret
    "$CLIENTELED" app secret add --partner one.example 22222222-2222-4333-8444-555555555555 >/dev/null
    "$CLIENTELED" app add --partner one.example --id 22222222-2222-4333-8444-666666666666 --public \
        --redirect-uri 'http://localhost/ https://portal.example/cb' >/dev/null
    echo 'correct horse battery' >password
    "$CLIENTELED" user add ada@one.example --roles AdminAgents,SalesAgents --display-name 'Ada é' --totp --password-file password \
        >/dev/null
    "$CLIENTELED" user add bob@two.example --roles HelpdeskAgents --password-file password >/dev/null
    "$CLIENTELED" user disable bob@two.example >/dev/null
    "$CLIENTELED" partner set two.example --throttle 7 >/dev/null
    "$CLIENTELED" generate --partner one.example --count 5000 --seed 1 >/dev/null
    "$CLIENTELED" generate --partner two.example --count 10 --seed 2 >/dev/null
    cat >every <<'END'
{"id":"33333333-0000-4000-8000-000000000001","commerceId":"33333333-0000-4000-8000-000000000002","associatedPartnerId":"11111111-2222-4333-8444-666666666666","companyProfile":{"domain":"Every.example","companyName":"Every \"\\ \u00e9","organizationRegistrationNumber":"7"},"billingProfile":{"id":"33333333-0000-4000-8000-000000000003","firstName":"A","lastName":"B","email":"a@b","culture":"de-DE","language":"De","defaultAddress":{"id":"9","country":"DE","region":"R","city":"C","state":"BE","addressLine1":"1","addressLine2":"2","addressLine3":"3","district":"D","postalCode":"10117","firstName":"F","middleName":"M","lastName":"L","phoneNumber":"030","emailAddress":"e@e"}},"allowDelegatedAccess":false,"customDomains":["a.example","b.example"]}
{"companyProfile":{"domain":"removed.example","companyName":"R"},"relationshipToPartner":"none"}
END
    "$CLIENTELED" import --partner one.example every >/dev/null
    change_customers
}

# What only requests leave behind: audit records, kept answers, a second billing profile, a qualification.
change_customers() {
    local token id
    serve data --auth-require-user=false
    token=$(sign_in)
    new_customer >created
    id=$(sed 's/.*"id":"\([^"]*\)","commerceId".*/\1/' created)
    request PUT "customers/$id/qualification" '"education"' >/dev/null
    request GET "customers/$id/profiles/billing" >billing
    request PUT "customers/$id/profiles/billing" "$(cat billing)" >/dev/null
    stop_server
}

sign_in() {
    curl -s "$BASE/one.example/oauth2/token" -d grant_type=client_credentials \
        -d resource=https://api.partnercenter.microsoft.com -d client_id=22222222-2222-4333-8444-555555555555 \
        --data-urlencode "client_secret=$(cat "$BATS_FILE_TMPDIR/secret")" |
        sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}

request() { # METHOD PATH [BODY]
    curl -sf -X "$1" "$BASE/v1/$2" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
        -H 'MS-RequestId: aaaaaaaa-0000-4000-8000-000000000001' ${3:+--data "$3"}
}

new_customer() {
    request POST customers '{"companyProfile":{"domain":"new.example"},"billingProfile":{"email":"a@b.example","culture":"en-US","language":"en","companyName":"N","defaultAddress":{"country":"US","city":"C","state":"WA","addressLine1":"1","postalCode":"98052","firstName":"A","lastName":"B"}}}'
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/data" data
}

teardown() {
    stop_server
}

fails() { # STATUS WORDS COMMAND...
    local want=$1 words=$2
    shift 2
    run --separate-stderr "$CLIENTELED" "$@"
    if [ "$status" -ne "$want" ] || [[ "$stderr" != "clienteled: "*"$words"* ]]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

serve() { # FOLDER [FLAGS]
    local folder=$1
    shift
    rm -f ready
    "$CLIENTELED" serve --data "$folder" "$@" --listen 127.0.0.1:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    BASE="http://$(cat ready)"
}

@test "export, import, export: the same bytes, with keys and without" {
    for keys in '' --keys; do
        rm -rf first second again
        "$CLIENTELED" export $keys first >said
        grep -q '^The export is in first: [0-9]* entries' said
        run --separate-stderr "$CLIENTELED" import --data again first
        [ "$status" -eq 0 ]
        [ "$output" = 'A new store is in again: 2 partners, 2 applications, 2 users, 1 links, 5013 customers, 6 audit records.' ]
        "$CLIENTELED" export --data again $keys second >/dev/null
        cmp first second
        "$CLIENTELED" check --data again | grep -q ': 0 findings$'
    done
    [ "$(stat -c %a first)" = 600 ]
    [ "$(head -n 1 first)" = '{"clientele":{"export":1}}' ]
    [ "$(grep -c '^{"key":' first)" -eq 1 ]
    [ "$(grep -c '"tokenKey":' first)" -eq 1 ]
    [ "$(grep -c '"idempotency":' first)" -eq 3 ]
    [ "$(grep -c '"billingRevision":1,"qualification":"education"' first)" -eq 1 ]
}

@test "without --keys an export has no secret, and with them a new store is as good as the old one" {
    "$CLIENTELED" export open >/dev/null
    run ! grep -qE '"(key|tokenKey|idempotency|passwordHash|totpSecret)":' open
    grep -q '"user":.*"name":"ada@one.example"' open
    "$CLIENTELED" export --keys whole >/dev/null
    "$CLIENTELED" import --data again whole >/dev/null
    "$CLIENTELED" user list --data again --json >users
    grep -q '"ada@one.example"' users
    serve again --auth-require-user=false
    token=$(sign_in)
    new_customer | cmp - "$BATS_FILE_TMPDIR/created"
    grep -q '"password":"............"' "$BATS_FILE_TMPDIR/created"
}

@test "an import into a partner says that a file is an export" {
    "$CLIENTELED" export file >/dev/null
    fails 1 'This is an export of a whole store' import --partner one.example file
    [ ! -s file.rejects ]
}

@test "an export that was cut short is refused, wherever it was cut" {
    "$CLIENTELED" export --partner two.example whole >/dev/null
    [ "$(tail -n 1 whole)" = '{"clientele":{"end":true}}' ]
    for lines in 1 2 8 13; do
        head -n "$lines" whole >cut
        fails 1 "cut, line $((lines + 1)): The last line of an export is missing" import --data again cut
        [[ "$stderr" == *"Nothing was imported." ]]
        [ ! -e again ]
    done
    head -c -3 whole >cut
    fails 1 'cut, line 14: ' import --data again cut
    cat whole whole >double
    fails 1 'double, line 15: It stands behind the last line' import --data again double
    [ ! -e again ]
    head -c -1 whole >without_newline
    { cat whole; echo; echo ' '; } >with_blanks
    for file in without_newline with_blanks; do
        "$CLIENTELED" import --data "again_$file" "$file" >/dev/null
    done
}

@test "an import of an export that is interrupted makes nothing, and says so" {
    mkfifo pipe
    "$CLIENTELED" import --data again pipe 2>said &
    local process=$! status=0
    exec 9>pipe
    "$CLIENTELED" export --partner two.example - | head -n 5 >&9
    until [ -e again/init.tmp ]; do sleep 0.05; done
    kill "$process"
    exec 9>&-
    wait "$process" || status=$?
    [ "$status" -eq 1 ]
    grep -q '^clienteled: pipe, line [0-9]*: It was interrupted. Nothing was imported.$' said
    [ ! -e again ]
}

@test "a line that is too long ends an import" {
    { echo '{"clientele":{"export":1}}'; head -c 16777217 /dev/zero | tr '\0' x; } >long
    fails 1 'long, line 2: It is longer than 16 MiB' import --data again long
    [ ! -e again ]
}

@test "a store made of an export serves the same applications and customers" {
    "$CLIENTELED" export first >/dev/null
    run ! grep -q '"key":' first
    "$CLIENTELED" import --data again first >/dev/null
    serve again
    token=$(sign_in)
    curl -s "$BASE/v1/customers/33333333-0000-4000-8000-000000000001" -H "Authorization: Bearer $token" |
        grep -q '"allowDelegatedAccess":false'
    curl -s "$BASE/v1/customers?size=40" -H "Authorization: Bearer $token" | grep -q '"totalCount":40'
}

@test "an export is one consistent view, beside a server and writers" {
    serve data
    "$CLIENTELED" generate --partner two.example --count 5000 --seed 7 >/dev/null &
    local writer=$!
    for i in 1 2 3; do
        "$CLIENTELED" export "file$i" >/dev/null
        "$CLIENTELED" import --data "again$i" "file$i" >/dev/null
        "$CLIENTELED" export --data "again$i" - | cmp - "file$i"
    done
    wait "$writer"
}

@test "an export of one partner has what is its own" {
    "$CLIENTELED" export --partner TWO.example - >two
    [ "$(wc -l <two)" -eq 14 ]
    [ "$(grep -c '"owner":"11111111-2222-4333-8444-666666666666"' two)" -eq 10 ]
    "$CLIENTELED" import --data again - <two >/dev/null
    "$CLIENTELED" export --data again - | cmp - two
    "$CLIENTELED" export --partner one.example - | jq -c . >/dev/null
    fails 1 "no partner 'nobody.example'" export --partner nobody.example file
    fails 2 '--keys belong to no partner' export --partner one.example --keys file
    [ ! -e file ]
}

@test "nothing is overwritten by an export, and what cannot be written is told" {
    echo precious >there
    fails 1 'there is there already' export there
    [ "$(cat there)" = precious ]
    run --separate-stderr sh -c '"$CLIENTELED" export - >/dev/full'
    [ "$status" -eq 1 ]
    [[ "$stderr" == "clienteled: - cannot be written"* ]]
    "$CLIENTELED" export - 2>complaint | head -n 1 >/dev/null
    run compgen -G 'there.*'
    [ "$status" -ne 0 ]
}

@test "an export is refused where a store is, and an import of anything else needs a partner" {
    "$CLIENTELED" export file >/dev/null
    fails 1 'holds a store already' import file
    fails 2 '--partner is missing' import --data again "$BATS_FILE_TMPDIR/every"
    : >empty
    fails 2 '--partner is missing' import --data again empty
    fails 1 'nothing cannot be opened' import --data again nothing
    [ ! -e again ]
}

@test "a line that is wrong is named, and nothing is made" {
    "$CLIENTELED" export file >/dev/null
    local partner link customer
    partner=$(sed -n 2p file)
    customer=$(grep -m 1 '"owner"' file)
    link=$(grep -m 1 '"link"' file)
    while IFS='|' read -r words line; do
        printf '%s\n' '{"clientele":{"export":1}}' "$partner" "$line" >wrong
        fails 1 "wrong, line 3: $words" import --data again wrong
        [[ "$stderr" == *"Nothing was imported." ]]
        [ ! -e again ]
    done <<END
The text is not valid JSON|{"partner":
It is no line of an export|{"other":{}}
It is no line of an export|[]
domain must be a text|{"partner":{"id":"11111111-2222-4333-8444-777777777777","name":"x"}}
id must be a GUID|{"partner":{"id":"x","domain":"x.example","name":"x"}}
isSandbox must be true or false|{"partner":{"id":"11111111-2222-4333-8444-777777777777","domain":"x.example","name":"x","isSandbox":1}}
secretSha256 must be a SHA-256|{"application":{"partner":"11111111-2222-4333-8444-555555555555","id":"11111111-2222-4333-8444-777777777777","secretSha256":"00"}}
created must be a number|{"key":{"id":"a","privateJwk":"b"}}
redirectUris must be an array of texts|{"application":{"partner":"11111111-2222-4333-8444-555555555555","id":"11111111-2222-4333-8444-777777777777","redirectUris":[1]}}
name must be a user's name|{"user":{"partner":"11111111-2222-4333-8444-555555555555","id":"11111111-2222-4333-8444-777777777777","name":"ada"}}
roles must be an array of roles|{"user":{"partner":"11111111-2222-4333-8444-555555555555","id":"11111111-2222-4333-8444-777777777777","name":"a@one.example","roles":["Boss"]}}
bytes must be a key|{"tokenKey":{}}
operation must be one that is audited|{"audit":{"partner":"11111111-2222-4333-8444-555555555555","date":1,"operation":"x"}}
date must be a number from 1|{"audit":{"partner":"11111111-2222-4333-8444-555555555555","operation":"add_customer"}}
domain must be a DNS name|{"partner":{"id":"11111111-2222-4333-8444-777777777777","domain":"x y","name":"x"}}
name must be a text of at most 200|{"partner":{"id":"11111111-2222-4333-8444-777777777777","domain":"x.example","name":"\\u001b[2J"}}
date must be a tick|{"audit":{"partner":"11111111-2222-4333-8444-555555555555","date":9223372036854775807,"operation":"add_customer"}}
customizedData must be an array|{"audit":{"partner":"11111111-2222-4333-8444-555555555555","date":1,"operation":"add_customer","customizedData":"],\\"x\\":["}}
customizedData must be an array|{"audit":{"partner":"11111111-2222-4333-8444-555555555555","date":1,"operation":"add_customer","customizedData":"[1]"}}
customizedData must be an array|{"audit":{"partner":"11111111-2222-4333-8444-555555555555","date":1,"operation":"add_customer","customizedData":" []"}}
status must be one of success|{"idempotency":{"partner":"11111111-2222-4333-8444-555555555555","key":"22222222-2222-4333-8444-555555555555","status":99999}}
key must be a GUID|{"idempotency":{"partner":"11111111-2222-4333-8444-555555555555"}}
owner must be a GUID|{"customer":{}}
companyProfile.domain is missing|{"owner":"11111111-2222-4333-8444-555555555555","customer":{"id":"33333333-0000-4000-8000-000000000009"}}
Its owner|{"owner":"11111111-2222-4333-8444-999999999999","customer":{"id":"33333333-0000-4000-8000-000000000009","companyProfile":{"domain":"a.example","companyName":"A"}}}
It names a partner that is not before it|$link
END
    printf '%s\n' '{"clientele":{"export":1}}' "$partner" "$customer" "$customer" '{"clientele":{"end":true}}' >wrong
    fails 1 'is there twice' import --data again wrong
    [ ! -e again ]
}
