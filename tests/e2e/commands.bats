#!/usr/bin/env bats
# The commands that manage a store, as processes: partner, app, check, config; by themselves, with bad input,
# and beside a running server. The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

CONTOSO=11111111-2222-4333-8444-555555555555
APP=66666666-7777-4888-9999-aaaaaaaaaaaa

setup_file() {
    local root variable
    root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELED="${CLIENTELED:-$root/bin/clienteled}"
    export CLIENTELE_STORE_MAP_SIZE=16G
    "$CLIENTELED" init --data "$BATS_FILE_TMPDIR/store" >/dev/null
    "$CLIENTELED" partner add contoso.example --id "$CONTOSO" --name 'Contoso, Ltd.' --country de \
        --data "$BATS_FILE_TMPDIR/store" >/dev/null
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" data
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

fails() { # STATUS WORDS: nothing on standard output; standard error is one line of ours that has WORDS
    if [ "$status" -ne "$1" ] || [ -n "$output" ] || [[ "$stderr" != "clienteled: "*"$2"* ]] ||
        [ "${#stderr_lines[@]}" -ne 1 ]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

field() { # NAME: of what `partner add` and `app add` print
    sed -n "s/^$1 *//p" <<<"$output"
}

add_customers() { # N
    {
        printf 'companyName,domain\n'
        for i in $(seq "$1"); do printf 'Company %d,c%d.example\n' "$i" "$i"; done
    } | "$CLIENTELED" import --data data --partner contoso.example - >/dev/null
}

serve() {
    "$CLIENTELED" serve --data data --listen 127.0.0.1:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    BASE="http://$(cat ready)"
}

ask_token() { # CLIENT SECRET: sets token, and code to the status
    code=$(curl -s -o token.json -w '%{http_code}' "$BASE/$CONTOSO/oauth2/token" -d grant_type=client_credentials \
        -d resource=https://api.partnercenter.microsoft.com -d "client_id=$1" --data-urlencode "client_secret=$2")
    token=$(jq -r '.access_token // empty' token.json)
}

list_status() {
    curl -s -o page.json -w '%{http_code}' "$BASE/v1/customers?size=40" -H "Authorization: Bearer $token"
}

# ---- commands in general ---------------------------------------------------------------------------------

@test "help ends, whatever argp is told of its layout" {
    ARGP_HELP_FMT=rmargin=5 run --separate-stderr timeout 20 "$CLIENTELED" serve --help
    works
    [[ "$output" == 'Usage: '*'--listen'* ]]
}

@test "every command and sub-command has its help, with its flags" {
    for command in serve init import generate check partner app user config 'user add' 'user reset' 'partner add' 'partner list' \
        'partner set' dev-certs 'partner remove' 'partner link' 'app add' 'app list' 'app remove' 'config show'; do
        run --separate-stderr "$CLIENTELED" $command --help
        works
        [[ "$output" == "Usage: clienteled $command "* ]]
    done
    run --separate-stderr "$CLIENTELED" --help
    works
    for command in serve init import generate check partner app config; do grep -q "^  $command " <<<"$output"; done
    run --separate-stderr "$CLIENTELED" partner --help
    for command in add list remove link; do grep -q "^  $command " <<<"$output"; done
    run --separate-stderr "$CLIENTELED" partner add --help
    for flag in name id sandbox strict mpn-id country culture data; do grep -q -- "--$flag" <<<"$output"; done
}

@test "help and version are found in each usual spelling" {
    run --separate-stderr "$CLIENTELED" --help
    local top=$output version
    for word in -h '-?' help; do
        run --separate-stderr "$CLIENTELED" "$word"
        works
        [ "$output" = "$top" ]
    done
    run --separate-stderr "$CLIENTELED" --version
    version=$output
    for word in -V version; do
        run --separate-stderr "$CLIENTELED" "$word"
        works
        [ "$output" = "$version" ]
    done
    for command in partner config serve 'partner add' 'config show'; do
        run --separate-stderr "$CLIENTELED" $command --help
        top=$output
        run --separate-stderr "$CLIENTELED" $command -h
        works
        [ "$output" = "$top" ]
    done
}

@test "help lists the words that a setting takes" {
    run --separate-stderr "$CLIENTELED" serve --help
    works
    for words in 'off|on|auto' 'off|local|on' 'logfmt|json' 'debug|info|warning|error|off'; do
        grep -qF "($words)" <<<"$output"
    done
}

@test "an unknown command or flag suggests the nearest" {
    clienteled parner
    fails 2 "did you mean 'partner'?"
    clienteled partner ad
    fails 2 "did you mean 'add'?"
    clienteled app frobnicate
    fails 2 "see 'clienteled app --help'"
    clienteled partner add new.example --sandbx
    fails 2 'did you mean --sandbox?'
    clienteled partner add new.example --sand
    fails 2 'there is no flag --sand'
    clienteled partner list -x
    fails 2 'there is no flag -x'
}

@test "a command that is missing is an error" {
    run --separate-stderr "$CLIENTELED"
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [ "${stderr_lines[0]}" = 'clienteled: a command is missing.' ]
    run --separate-stderr "$CLIENTELED" partner
    [ "$status" -eq 2 ]
    [ "${stderr_lines[0]}" = 'clienteled: a command is missing.' ]
}

@test "missing and superfluous arguments and values" {
    clienteled partner add
    fails 2 'partner add: DOMAIN is missing'
    clienteled partner add one.example two.example
    fails 2 "'two.example' is one argument too many"
    clienteled partner remove
    fails 2 'PARTNER is missing'
    clienteled app remove --partner contoso.example
    fails 2 'ID is missing'
    clienteled app remove "$APP"
    fails 2 '--partner is missing'
    clienteled app add
    fails 2 '--partner is missing'
    clienteled partner link --provider contoso.example
    fails 2 '--reseller is missing'
    run --separate-stderr "$CLIENTELED" partner list --data
    fails 2 '--data needs a value'
    clienteled app list --partner --json
    fails 2 '--partner needs a value: DOMAIN|GUID'
    clienteled partner list --json=yes
    fails 2 '--json takes no value'
}

@test "a store that is not there is an error, and none is made" {
    for command in 'partner add new.example' 'partner list' 'partner remove contoso.example --yes contoso.example' \
        'partner link --provider contoso.example --reseller new.example' 'app add --partner contoso.example' \
        'app list' "app remove --partner contoso.example $APP" check; do
        run --separate-stderr "$CLIENTELED" $command --data nowhere
        fails 1 nowhere
    done
    [ ! -e nowhere ]
}

@test "a partner that is not there is an error" {
    for command in 'partner remove nobody.example --yes nobody.example' 'app add --partner nobody.example' \
        'partner link --provider contoso.example --reseller nobody.example' 'app list --partner nobody.example' \
        "app remove --partner nobody.example $APP"; do
        clienteled $command
        fails 1 "There is no partner 'nobody.example'"
    done
}

@test "output that cannot be written is an error, a reader that leaves is none to tell" {
    for command in 'partner list' 'partner list --json' 'config show' '--help' 'partner add --help' check; do
        run --separate-stderr bash -c "\"\$CLIENTELED\" $command >/dev/full" -- --data data
        CLIENTELE_DATA=data run --separate-stderr bash -c "\"\$CLIENTELED\" $command >/dev/full"
        fails 1 'Standard output cannot be written: No space left on device.'
    done
    for command in 'partner list' 'config show --json'; do
        CLIENTELE_DATA=data run --separate-stderr bash -c "{ \"\$CLIENTELED\" $command; echo \$? >code; } | true"
        [ -z "$stderr" ]
        CLIENTELE_DATA=data run --separate-stderr bash -c "\"\$CLIENTELED\" $command | head -n 1"
        works
        [ "${#lines[@]}" -eq 1 ]
    done
}

# ---- partner ---------------------------------------------------------------------------------------------

@test "partner set gives a partner a throttle of its own, or takes it back" {
    clienteled partner add limited.example --throttle 50
    works
    for wanted in 50 1 0 60000; do
        clienteled partner set limited.example --throttle "$wanted"
        works
        [ "$(field throttle)" = "$wanted" ]
        clienteled partner list --json
        [ "$(jq -c 'select(.domain == "limited.example").throttle' <<<"$output")" = "$wanted" ]
    done
    clienteled partner set "$CONTOSO" --throttle default
    works
    clienteled partner list --json
    [ "$(jq -c 'select(.id == "'"$CONTOSO"'") | has("throttle")' <<<"$output")" = false ]
    clienteled partner set limited.example --throttle 60001
    fails 2 "neither a number from 0 to 60000 nor 'default'"
    clienteled partner set limited.example
    fails 2 '--throttle is missing'
    clienteled partner set nobody.example --throttle 1
    fails 1 nobody.example
}

@test "partner add prints domain and tenant, and everything is kept" {
    clienteled partner add Fourth.example --id "{AAAABBBB-0000-4111-8222-CCCCDDDDEEEE}" --name 'Fourth "Coffee" Ünïön' \
        --sandbox --strict --mpn-id 0012345 --country gb --culture cy-GB
    works
    [ "$(field partner)" = Fourth.example ]
    [ "$(field tenant)" = aaaabbbb-0000-4111-8222-ccccddddeeee ]
    clienteled partner list --json
    works
    [ "$(jq -c 'select(.domain=="Fourth.example")' <<<"$output")" = '{"id":"aaaabbbb-0000-4111-8222-ccccddddeeee","domain":"Fourth.example","name":"Fourth \"Coffee\" Ünïön","country":"GB","culture":"cy-GB","mpnId":"0012345","sandbox":true,"strict":true,"customers":0,"resellers":[],"providers":[]}' ]
    [ "$(jq -c 'select(.domain=="contoso.example")' <<<"$output")" = "{\"id\":\"$CONTOSO\",\"domain\":\"contoso.example\",\"name\":\"Contoso, Ltd.\",\"country\":\"DE\",\"culture\":\"de-DE\",\"sandbox\":false,\"strict\":false,\"customers\":0,\"resellers\":[],\"providers\":[]}" ]
}

@test "without an id each partner gets one of its own" {
    clienteled partner add one.example
    works
    one=$(field tenant)
    clienteled partner add two.example
    [[ "$one" =~ ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$ ]]
    [ "$one" != "$(field tenant)" ]
}

@test "partner list is a table for people" {
    add_customers 3
    clienteled partner list
    works
    [[ "${lines[0]}" =~ ^DOMAIN\ +TENANT\ +CUSTOMERS\ +KIND\ +COUNTRY\ +NAME$ ]]
    [[ "${lines[1]}" =~ ^contoso\.example\ +$CONTOSO\ +3\ +production\ +DE\ +Contoso,\ Ltd\.$ ]]
    [ "${#lines[@]}" -eq 2 ]
}

@test "an existing domain or id is refused and stays as it is" {
    clienteled partner list --json
    before=$output
    clienteled partner add CONTOSO.example --name Other
    fails 1 "There is a partner contoso.example already; its tenant is $CONTOSO."
    clienteled partner add other.example --id "$CONTOSO"
    fails 1 "The tenant $CONTOSO is that of the partner contoso.example already."
    clienteled partner list --json
    [ "$output" = "$before" ]
}

@test "partner add refuses what cannot be" {
    for domain in nodot a-.example 'a b.example' 'a..example' 'ä.example' ''; do
        clienteled partner add "$domain"
        fails 2 'is not a DNS name'
    done
    refuses() { # WORDS FLAG...
        local words=$1
        shift
        clienteled partner add new.example "$@"
        fails 2 "$words"
    }
    refuses "--id: '123' is not a GUID" --id 123
    refuses 'is not a GUID' --id 00000000-0000-0000-0000-000000000000
    refuses "--country: 'XX' is not a country" --country XX
    refuses 'is not a country' --country Germany
    refuses "--mpn-id: '12x' is not" --mpn-id 12x
    refuses '--mpn-id' --mpn-id=-5
    refuses '--mpn-id' --mpn-id 123456789012345678901
    refuses '--culture' --culture de_DE
    refuses '--culture' --culture d
    refuses '--strict is for sandboxes' --strict
    refuses '--name must have' --name ' '
    refuses '--name must have' --name "$(printf '%0201d' 0)"
    refuses '--name must be valid UTF-8' --name $'bell\a'
    refuses '--name must be valid UTF-8' --name $'\xff'
    clienteled partner list --json
    [ "${#lines[@]}" -eq 1 ]
}

@test "partner link joins provider and reseller; twice is once; never with itself" {
    clienteled partner add reseller.example --id "$APP"
    for _ in 1 2; do
        clienteled partner link --provider contoso.example --reseller "$APP"
        works
    done
    clienteled partner list --json
    [ "$(jq -c 'select(.domain=="contoso.example")|[.resellers,.providers]' <<<"$output")" = "[[\"$APP\"],[]]" ]
    [ "$(jq -c 'select(.domain=="reseller.example")|[.resellers,.providers]' <<<"$output")" = "[[],[\"$CONTOSO\"]]" ]
    [ "$("$CLIENTELED" export --data data - | grep -c '"operation":"create_partner_relationship"')" -eq 1 ]
    clienteled partner link --provider contoso.example --reseller "$CONTOSO"
    fails 1 'cannot be its own indirect reseller'
    clienteled check
    works
}

@test "partner remove takes the partner with applications, links and customers, and nothing else" {
    add_customers 5
    clienteled partner add other.example
    "$CLIENTELED" generate --data data --partner other.example --count 7 --seed 1
    clienteled partner link --provider contoso.example --reseller other.example
    clienteled app add --partner contoso.example
    clienteled app add --partner other.example
    clienteled partner remove "$CONTOSO" --yes Contoso.Example
    [ "$status" -eq 0 ]
    [ "$output" = 'contoso.example removed, with 5 customers' ]
    [[ "$stderr" == *'it lists 5.' ]]
    clienteled partner list --json
    [ "$(jq -c '[.domain,.customers,.providers]' <<<"$output")" = '["other.example",7,[]]' ]
    clienteled app list --json
    [ "$(jq -r .partner <<<"$output")" = other.example ]
    clienteled check
    works
    [[ "$output" == '1 partners, 1 applications, 0 users, 0 grants, 7 customers, '*': 0 findings' ]]
    # Its domains are free again.
    clienteled partner add contoso.example --id "$CONTOSO"
    works
    add_customers 5
}

@test "partner remove asks: without a terminal it refuses, with one it wants the domain" {
    add_customers 2
    run --separate-stderr "$CLIENTELED" partner remove contoso.example --data data </dev/null
    [ "$status" -eq 1 ]
    [[ "${stderr_lines[1]}" == 'clienteled: There is no terminal to ask at;'* ]]
    clienteled partner remove contoso.example --yes contoso
    [ "$status" -eq 1 ]
    [[ "${stderr_lines[1]}" == *"'contoso' is not the domain of this partner"* ]]
    clienteled partner remove contoso.example --yes ''
    [ "$status" -eq 1 ]
    run bash -c "echo nonsense | script -qec '\"$CLIENTELED\" partner remove contoso.example --data data' /dev/null"
    [ "$status" -eq 1 ]
    [[ "$output" == *'nothing was removed'* ]]
    clienteled partner list --json
    [ "$(jq .customers <<<"$output")" = 2 ]
    run bash -c "echo contoso.example | script -qec '\"$CLIENTELED\" partner remove contoso.example --data data' /dev/null"
    [ "$status" -eq 0 ]
    [[ "$output" == *'removed, with 2 customers'* ]]
    clienteled partner list --json
    works
    [ -z "$output" ]
}

@test "a removal that is interrupted goes on when started again" {
    add_customers 3000
    serve
    "$CLIENTELED" partner remove contoso.example --yes contoso.example --data data >out 2>err &
    local pid=$! ended=0 caught
    for _ in $(seq 500); do # before it has a handler for SIGTERM there is nothing to go on with
        caught=0x$(sed -n 's/^SigCgt:[^0-9a-f]*//p' "/proc/$pid/status")
        [ $((caught & 0x4000)) -eq 0 ] || break
    done
    sleep 0.4
    # On a fast machine it is through by now, and there is nobody to interrupt; what follows holds either way.
    if kill -0 "$pid"; then kill -TERM "$pid"; fi
    wait "$pid" || ended=$?
    [[ "$ended" == [01] ]]
    if grep -q 'The same command again removes the rest' err; then
        clienteled partner list --json
        [ "$(jq .customers <<<"$output")" -gt 0 ]
        clienteled check
        works
        clienteled partner remove contoso.example --yes contoso.example
        [ "$status" -eq 0 ]
    else
        cat out err >&2
        grep -q 'removed, with 3000 customers' out
    fi
    clienteled check
    works
    [[ "$output" == '0 partners, 0 applications, 0 users, 0 grants, 0 customers, 0 index entries, 0 audit records: 0 findings' ]]
}

# ---- app -------------------------------------------------------------------------------------------------

@test "app add shows a secret of 256 bits once; it is not in the store, nor in any list" {
    clienteled app add --partner contoso.example --name 'Portal "α"' --id "$APP"
    works
    [ "$(field partner)" = contoso.example ]
    [ "$(field tenant)" = "$CONTOSO" ]
    [ "$(field application)" = "$APP" ]
    secret=$(field secret)
    [[ "$secret" =~ ^[A-Za-z0-9_-]{43}$ ]]
    for command in 'app list' 'app list --json' "app list --partner $CONTOSO" 'partner list --json' check; do
        clienteled $command
        works
        [[ "$output" != *"$secret"* ]]
    done
    run grep -rqaF -- "$secret" data
    [ "$status" -eq 1 ]
    clienteled app add --partner contoso.example
    [ "$(field secret)" != "$secret" ]
    [ "$(field application)" != "$APP" ]
    clienteled app list --json
    [ "$(jq -c "select(.id==\"$APP\")" <<<"$output")" = "{\"id\":\"$APP\",\"partnerId\":\"$CONTOSO\",\"partner\":\"contoso.example\",\"name\":\"Portal \\\"α\\\"\",\"redirectUris\":[],\"public\":false,\"demo\":false}" ]
    [ "${#lines[@]}" -eq 2 ]
}

@test "app add refuses what cannot be" {
    clienteled app add --partner contoso.example --id "$APP"
    works
    clienteled app add --partner contoso.example --id "$APP"
    fails 1 "contoso.example has an application $APP already."
    clienteled app add --partner contoso.example --id 5
    fails 2 "--id: '5' is not a GUID"
    clienteled app add --partner contoso.example --name $'a\nb'
    fails 2 '--name must be'
}

@test "a secret that cannot be shown adds no application" {
    CLIENTELE_DATA=data run --separate-stderr bash -c '"$CLIENTELED" app add --partner contoso.example >/dev/full'
    [ "$status" -eq 1 ]
    [ "${stderr_lines[0]}" = 'clienteled: Standard output cannot be written: No space left on device.' ]
    [ "${stderr_lines[1]}" = 'clienteled: The secret could not be shown, so the application was not added.' ]
    clienteled app list --json
    works
    [ -z "$output" ]
    [ "$("$CLIENTELED" export --data data - | jq -r '.audit.operation // empty' | xargs)" = 'register_application unregister_application' ]
}

@test "app list shows all or one partner's; app remove removes that partner's alone" {
    clienteled partner add other.example
    clienteled app add --partner contoso.example --id "$APP" --name Mine
    clienteled app add --partner other.example --id "$APP" --name Theirs
    clienteled app list
    works
    [[ "${lines[0]}" =~ ^APPLICATION\ +PARTNER\ +NAME$ ]]
    [ "${#lines[@]}" -eq 3 ]
    clienteled app list --partner other.example --json
    [ "$(jq -r .name <<<"$output")" = Theirs ]
    clienteled app remove --partner other.example "$APP"
    works
    [ "$output" = "$APP of other.example removed" ]
    clienteled app remove --partner other.example "$APP"
    fails 1 'The partner has no such application.'
    clienteled app remove --partner contoso.example nonsense
    fails 2 "'nonsense' is not a GUID"
    clienteled app list --json
    [ "$(jq -r .name <<<"$output")" = Mine ]
}

# ---- check -----------------------------------------------------------------------------------------------

@test "check of a sound store: one line, exit code 0" {
    add_customers 3
    clienteled check
    works
    [[ "$output" =~ ^1\ partners,\ 0\ applications,\ 0\ users,\ 0\ grants,\ 3\ customers,\ [0-9]+\ index\ entries,\ 0\ audit\ records:\ 0\ findings$ ]]
}

@test "check of a damaged store: a line for each finding, the summary, exit code 1" {
    needs_folder 'file of its own'
    printf 'companyName,domain\nFirst,a.example\nUnmistakable,b.example\n' |
        "$CLIENTELED" import --data data --partner contoso.example -
    local at
    at=$(grep -abo Unmistakable data/data.mdb | head -n 1 | cut -d: -f1)
    printf '\a' | dd of=data/data.mdb bs=1 "seek=$at" conv=notrunc status=none
    clienteled check
    [ "$status" -eq 1 ]
    [ -z "$stderr" ]
    [ "${#lines[@]}" -ge 2 ]
    [[ "${lines[-1]}" =~ ^1\ partners,.*:\ $((${#lines[@]} - 1))\ findings$ ]]
    [[ "$output" != *$'\a'* ]]
}

@test "check of a file that is no store: it says so, exit code 1" {
    needs_folder 'file of its own'
    head -c 100000 /dev/zero >data/data.mdb
    clienteled check
    fails 1 data
}

# ---- config ----------------------------------------------------------------------------------------------

@test "config show tells every setting, its value and where it came from" {
    printf 'threads = 2\nbom = on\n[log]\nlevel = debug\n[auth]\nrequire_user = no\n' >settings.ini
    CLIENTELE_LOG_LEVEL=warning CLIENTELE_BOM=off run --separate-stderr "$CLIENTELED" config show --json \
        --config settings.ini --bom auto --data data
    works
    value() { jq -r "select(.name==\"$1\")|.value+\" \"+.origin" <<<"$output"; }
    [ "$(value threads)" = '2 file' ]
    [ "$(value log.level)" = 'warning environment' ]
    [ "$(value bom)" = 'auto flag' ]
    [ "$(value auth.require_user)" = 'no file' ]
    [ "$(value config)" = 'settings.ini flag' ]
    [ "$(value store.map_size)" = '16G environment' ]
    [ "$(value log.format)" = 'logfmt default' ]
    [ "$(jq -r .name <<<"$output" | sort | uniq -d)" = '' ]
    names=$(jq -r .name <<<"$output")
    run --separate-stderr "$CLIENTELED" config show --config settings.ini
    works
    [[ "${lines[0]}" =~ ^SETTING\ +ORIGIN\ +VALUE$ ]]
    [[ "${lines[*]}" == *'threads '*'file '*' 2'* ]]
    [ "$(tail -n +2 <<<"$output" | cut -d' ' -f1)" = "$names" ]
}

@test "config show refuses settings that cannot be" {
    clienteled config show --threads many
    fails 2 'whole number'
    clienteled config show --config missing.ini
    fails 2 'missing.ini'
    CLIENTELE_LOG_LEVEL=loud clienteled config show
    fails 2 CLIENTELE_LOG_LEVEL
}

# ---- beside a running server -----------------------------------------------------------------------------

@test "a server honours new and removed applications and partners at once" {
    add_customers 3
    serve
    ask_token "$APP" guess
    [ "$code" -ne 200 ]

    clienteled app add --partner contoso.example --id "$APP"
    works
    secret=$(field secret)
    ask_token "$APP" "$secret"
    [ "$code" = 200 ]
    [ "$(list_status)" = 200 ]
    [ "$(tail -c +1 page.json | sed 's/^\xef\xbb\xbf//' | jq .totalCount)" = 3 ]

    clienteled app remove --partner contoso.example "$APP"
    works
    [ "$(list_status)" = 401 ]
    ask_token "$APP" "$secret"
    [ "$code" -ne 200 ]

    clienteled app add --partner contoso.example --id "$APP"
    ask_token "$APP" "$(field secret)"
    [ "$(list_status)" = 200 ]
    clienteled partner remove contoso.example --yes contoso.example
    [ "$status" -eq 0 ]
    [ "$(list_status)" = 401 ]
    ask_token "$APP" "$secret"
    [ "$code" -ne 200 ]
    kill -0 "$SERVER"
}

@test "a partner that is added while the server runs is served" {
    serve
    clienteled partner add late.example
    tenant=$(field tenant)
    clienteled app add --partner late.example
    token=$(curl -s "$BASE/late.example/oauth2/token" -d grant_type=client_credentials \
        -d resource=https://api.partnercenter.microsoft.com -d "client_id=$(field application)" \
        --data-urlencode "client_secret=$(field secret)" | jq -r .access_token)
    [ "$(list_status)" = 200 ]
    curl -s "$BASE/$tenant/.well-known/openid-configuration" | jq -e .token_endpoint
}
