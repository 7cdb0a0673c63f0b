#!/usr/bin/env bats
# `clientele` as a process beside a real clienteled: commands in general, signing in, profiles, customers, any call.
# The programs under test: $CLIENTELE and $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/clientele

setup_file() {
    make_store 1200
}

setup() {
    use_own_home
}

teardown() {
    stop_server
}

COMMANDS=(login logout whoami 'profile list' 'profile use' 'profile remove' 'customers list' 'customers get'
    'customers count' 'customers export' 'customers create' 'customers billing get' 'customers billing set'
    'customers billing edit' 'customers qualification get' 'customers qualification set' 'customers remove-relationship' 'customers delete' 'resellers list'
    'domain check' 'address validate' 'audit list' open api completion version)

# ---- commands in general ---------------------------------------------------------------------------------

@test "every command has its help, with examples" {
    for command in "${COMMANDS[@]}"; do
        clientele $command --help
        works
        [[ "$output" == "Usage: clientele $command "* ]]
        [[ "$output" == *'Examples:'*"  clientele $command"* ]] || [[ "$output" == *'Examples:'*"(clientele $command"* ]]
        local help=$output
        clientele help $command
        works
        [ "$output" = "$help" ]
    done
    clientele --help
    works
    for command in login logout whoami profile customers api completion version; do grep -q "^  $command " <<<"$output"; done
    clientele customers --help
    works
    for command in list get count export; do grep -q "^  $command " <<<"$output"; done
}

@test "help ends, whatever argp is told of its layout" {
    local format plain
    clientele customers list --help
    plain="$output"
    for format in rmargin=5 rmargin=1,dup-args nonsense; do
        ARGP_HELP_FMT=$format run --separate-stderr timeout 20 "$CLIENTELE" customers list --help
        works
        [ "$output" = "$plain" ]
    done
}

@test "the version in each usual spelling" {
    clientele version
    works
    [[ "$output" =~ ^clientele\ [0-9.]+$ ]]
    local version=$output
    for word in --version -V; do
        clientele "$word"
        works
        [ "$output" = "$version" ]
    done
    clientele customers list --version
    [ "$output" = "$version" ]
}

@test "an unknown command, flag, word or column suggests what is nearest" {
    clientele costumers
    fails 2 "there is no command 'costumers'; did you mean 'customers'?"
    clientele customers lst
    fails 2 "did you mean 'list'?"
    clientele list
    fails 2 "there is no command 'list'; did you mean 'customers list'?"
    clientele export all.csv
    fails 2 "did you mean 'customers export'?"
    clientele customers billing st
    fails 2 "there is no command 'st'; did you mean 'set'?"
    clientele customers frobnicate
    fails 2 "see 'clientele customers --help'"
    clientele customers list --limt 4
    fails 2 'customers list: there is no flag --limt; did you mean --limit?'
    clientele customers list --lim 4
    fails 2 'there is no flag --lim'
    clientele customers list -x
    fails 2 'there is no flag -x'
    clientele customers list --output xml
    fails 2 "--output: 'xml' is none of table|json|ndjson|csv|tsv"
    clientele customers list --columns id,nmae,domain
    fails 2 "there is no column 'nmae'"
    clientele customers list --columns domian
    fails 2 "did you mean 'domain'?"
    clientele customers list --columns country
    fails 2 "the list does not have 'country'; 'customers get' does"
}

@test "what is missing, too much, or in the wrong place" {
    clientele
    fails 2 'a command is missing'
    clientele customers
    fails 2 'a command is missing'
    clientele customers get
    fails 2 'customers get: ID|DOMAIN is missing'
    clientele customers get a b
    fails 2 "'b' is one argument too many"
    clientele customers list --limit
    fails 2 '--limit needs a value: N'
    clientele customers list --limit --output csv
    fails 2 '--limit needs a value'
    clientele customers list --verbose=1
    fails 2 '--verbose takes no value'
    clientele api x -f
    fails 2 '-f needs a value'
    clientele api GET
    fails 2 'api: GET is a method; the PATH is missing'
    clientele api ''
    fails 2 'api: PATH is empty'
    clientele customers list --name $'caf\xe9'
    fails 2 'is not UTF-8'
    clientele customers export ''
    fails 2 'customers export: FILE is empty'
    clientele customers export .
    fails 2 'customers export: . is a folder; name a file in it'
    clientele --profile x customers list
    fails 2 "'--profile' stands before the command"
    for limit in 0 -1 x 1e3 99999999999999999999; do
        clientele customers list "--limit=$limit"
        fails 2 "--limit: '$limit' is not a whole number from 1"
    done
    clientele customers list --page-size 501
    fails 2 'from 1 to 500'
    clientele customers list --name a --domain b
    fails 2 'one thing at a time'
    clientele customers list --reseller contoso
    fails 2 "'contoso' is no tenant id"
}

@test "completions of all three shells are sound, and bash completes" {
    for shell in bash zsh fish; do
        clientele completion "$shell"
        works
        printf '%s\n' "$output" >"completion.$shell"
        for word in customers export --page-size --secret-file us-government; do grep -q -e "$word" "completion.$shell" || grep -q -e "${word#--}" "completion.$shell"; done
        "$shell" -n "completion.$shell"
    done
    clientele completion tcsh
    fails 2 "'tcsh' is none of bash|zsh|fish"
    complete_line() { # WORD...: what bash would offer for the last one
        bash -c 'clientele() { "$CLIENTELE" "$@"; }; source ./completion.bash; COMP_WORDS=(clientele "$@")
            COMP_CWORD=$#; _clientele; printf "%s " "${COMPREPLY[@]}"' - "$@"
    }
    [ "$(complete_line cust)" = 'customers ' ]
    [[ "$(complete_line customers '')" == 'list get count export '* ]]
    [ "$(complete_line customers list --out)" = '--output ' ]
    [ "$(complete_line customers list --output n)" = 'ndjson ' ]
    [ "$(complete_line customers list --output = js)" = 'json ' ]
    [ "$(complete_line customers list -o t)" = 'table tsv ' ]
    [ "$(complete_line customers billing '')" = 'get set edit --help ' ]
    [ "$(complete_line customers billing get --out)" = '--output ' ]
    [ "$(complete_line completion z)" = 'zsh ' ]
    [ "$(complete_line customers export sec)" = 'secret ' ]
    serve
    sign_in --profile fabrikam
    [ "$(complete_line customers list --profile fa)" = 'fabrikam ' ]
    [ "$(complete_line profile use '')" = 'fabrikam ' ]
}

# ---- signing in ------------------------------------------------------------------------------------------

@test "open gives the dashboard's address to the opener, or prints it" {
    serve
    sign_in
    mkdir opener
    printf '#!/bin/sh\nprintf %%s "$1" >opened\n' >opener/xdg-open
    chmod +x opener/xdg-open
    PATH="$PWD/opener:$PATH" clientele open
    works
    [ -z "$output" ]
    [ "$(cat opened)" = "$BASE/" ]
    printf '#!/bin/sh\necho no browser >&2\nexit 3\n' >opener/xdg-open
    PATH="$PWD/opener:$PATH" clientele open
    works
    [ "$output" = "$BASE/" ]
}

@test "an application signs in with its secret in a file, and the file of profiles is private" {
    umask 022
    clientele whoami
    fails 3 'You are not signed in; to sign in: clientele login'
    serve
    clientele login --base-url "$BASE" --tenant contoso.example --client-id "$APP" --secret-file secret
    works
    [ -z "$output" ]
    [ "$(stat -c %a "$CREDENTIALS")" = 600 ]
    [ "$(stat -c %a "$XDG_CONFIG_HOME/clientele")" = 700 ]
    [ "$(ls "$XDG_CONFIG_HOME/clientele")" = "$(printf 'credentials\ncredentials.lock')" ]
    clientele whoami
    works
    [[ "$output" == *"application    $APP"* ]]
    [[ "$output" == *"tenant         $TENANT"* ]]
    [[ "$output" == *"kind of token  App only"* ]]
    [[ "$output" == *"service        $BASE"* ]]
    [[ "$output" =~ expires\ +20[0-9-]+T[0-9:]+Z ]]
    [[ "$output" == *"profile        default"* ]]
    clientele whoami --output json
    works
    [ "$(jq -r '[.application,.tenant,.kind,.service,.profile]|join(" ")' <<<"$output")" = "$APP $TENANT App only $BASE default" ]
    ! grep -q "$(cat secret)" log || false
}

@test "the secret can come through standard input, and one that is wrong is refused" {
    serve
    "$CLIENTELE" login --base-url "$BASE" --tenant "$TENANT" --client-id "$APP" --secret-file - <secret
    clientele customers count
    works
    [ "$output" = 1200 ]
    printf 'wrong\n' >wrong
    cp "$CREDENTIALS" before
    clientele login --base-url "$BASE" --tenant "$TENANT" --client-id "$APP" --secret-file wrong
    fails 3 'You are not signed in'
    cmp before "$CREDENTIALS"
    : >empty
    clientele login --base-url "$BASE" --tenant "$TENANT" --client-id "$APP" --secret-file empty
    fails 2 'it is empty'
    printf 'one\ntwo\n' >lines
    clientele login --base-url "$BASE" --tenant "$TENANT" --client-id "$APP" --secret-file lines
    fails 2 'several lines'
    clientele login --base-url "$BASE" --tenant "$TENANT" --client-id "$APP" --secret-file nowhere
    fails 2 'nowhere' 'No such file'
}

@test "login says what it lacks, and what does not go together" {
    clientele login
    fails 2 '--tenant is missing'
    clientele login --tenant t --secret-file secret
    fails 2 '--client-id is missing'
    clientele login --tenant t --cloud moon
    fails 2 "'moon' is none of global|china|germany|us-government"
    clientele login --tenant t --cloud china --base-url http://127.0.0.1:1
    fails 2 'two ways to say where'
    clientele login --tenant t --authority http://127.0.0.1:1
    fails 2 '--authority goes with --base-url'
    clientele login --tenant t --profile 'a b'
    fails 2 "'a b' cannot name a profile"
    clientele login --tenant t --base-url http://contoso.example --client-id "$APP" --secret-file secret
    fails 2 ''
    [ ! -e "$CREDENTIALS" ]
}

@test "a file of profiles that others can read is refused, with the command that mends it" {
    serve
    sign_in
    chmod 640 "$CREDENTIALS"
    for command in whoami 'customers list' 'profile list' logout 'login --tenant t'; do
        clientele $command
        [ "$status" -ne 0 ]
        [[ "$stderr" == *"can be read by others (mode 0640)"*"chmod 600 $CREDENTIALS"* ]]
    done
    $(sed -n 's/.*to mend that: //p' <<<"$stderr" | head -n 1)
    clientele whoami
    works
}

@test "a link in the place of the file of profiles stays one" {
    serve
    mkdir -p "$XDG_CONFIG_HOME/clientele" settings
    (umask 077 && touch settings/mine)
    ln -s "$PWD/settings/mine" "$CREDENTIALS"
    sign_in
    [ -L "$CREDENTIALS" ]
    [ "$(stat -c %a settings/mine)" = 600 ]
    grep -q contoso.example settings/mine
    clientele whoami
    works
    rm settings/mine
    clientele login --base-url "$BASE" --tenant contoso.example --client-id "$APP" --secret-file secret
    fails 1 "$CREDENTIALS is a link that leads nowhere: No such file or directory."
    [ -L "$CREDENTIALS" ]
}

@test "a file of profiles that is broken is told with its line" {
    mkdir -p "$XDG_CONFIG_HOME/clientele"
    (umask 077 && printf '[a]\ntenant = t\nfrobnicate = 1\n' >"$CREDENTIALS")
    clientele whoami
    fails 1 "line 3: there is nothing called 'frobnicate'"
    rm "$CREDENTIALS"
    mkdir "$CREDENTIALS"
    clientele whoami
    fails 1 "$CREDENTIALS"
    unset XDG_CONFIG_HOME HOME
    clientele whoami
    fails 1 'set HOME or XDG_CONFIG_HOME'
}

@test "profiles: list, use, remove, and logout" {
    serve
    clientele profile list
    [ "$status" -eq 0 ]
    sign_in --profile one
    sign_in --profile two
    clientele profile list
    works
    grep -qE "^   one +$BASE +contoso.example +App only$" <<<"$output"
    grep -qE "^\* +two " <<<"$output"
    clientele profile use one
    works
    clientele whoami -o json
    [ "$(jq -r .profile <<<"$output")" = one ]
    clientele whoami -o json --profile two
    [ "$(jq -r .profile <<<"$output")" = two ]
    CLIENTELE_PROFILE=two clientele whoami -o json
    [ "$(jq -r .profile <<<"$output")" = two ]
    clientele logout --profile one
    works
    ! grep -A9 '^\[one\]' "$CREDENTIALS" | sed '/^\[two\]/,$d' | grep -q 'secret\|token' || false
    clientele customers count --profile one
    fails 3 "The sign-in of profile 'one' has ended" 'clientele login --profile one'
    # Where and who are remembered.
    clientele login --profile one --secret-file secret
    works
    clientele customers count --profile one
    works
    clientele profile use thre
    fails 2 "There is no profile 'thre'"
    clientele profile use tow
    fails 2 "did you mean 'two'?"
    clientele profile remove thre
    fails 2 "There is no profile 'thre'"
    clientele logout --profile thre
    fails 2 "There is no profile 'thre'"
    clientele profile remove one
    works
    clientele whoami
    fails 3 'You are not signed in'
    clientele whoami --profile one
    fails 2 "There is no profile 'one'"
}

@test "two at once do not lose each other's profile" {
    serve
    for i in $(seq 8); do sign_in --profile "p$i" & done
    wait $(jobs -p | grep -v "^$SERVER$")
    clientele profile list
    [ "$(wc -l <<<"$output")" -eq 9 ]
    [ "$(stat -c %a "$CREDENTIALS")" = 600 ]
    ls "$XDG_CONFIG_HOME/clientele" | { ! grep -v '^credentials\(.lock\)\?$'; }
}

@test "what a killed login left is not kept beside the file" {
    serve
    sign_in
    echo 'client_secret = old' >"$CREDENTIALS.new"
    chmod 644 "$CREDENTIALS.new"
    sign_in --profile two
    [ ! -e "$CREDENTIALS.new" ]
    [ "$(stat -c %a "$CREDENTIALS")" = 600 ]
    clientele customers count --profile two
    works
}

@test "variables sign in without any file, as in CI" {
    serve
    export CLIENTELE_BASE_URL=$BASE CLIENTELE_TENANT=contoso.example CLIENTELE_CLIENT_ID=$APP
    CLIENTELE_CLIENT_SECRET=$(cat secret) clientele customers count
    works
    [ "$output" = 1200 ]
    CLIENTELE_CLIENT_SECRET=wrong clientele customers count
    fails 3 'CLIENTELE_TOKEN and the other variables'
    CLIENTELE_TENANT= CLIENTELE_CLIENT_SECRET=x clientele customers count
    fails 2 'A variable CLIENTELE_... holds it, or is missing'
    [ ! -e "$XDG_CONFIG_HOME" ]
    sign_in
    token=$(sed -n 's/^access_token = //p' "$CREDENTIALS")
    rm -r "$XDG_CONFIG_HOME"
    unset CLIENTELE_TENANT CLIENTELE_CLIENT_ID
    CLIENTELE_TOKEN=$token clientele customers count
    works
    CLIENTELE_TOKEN=$token clientele whoami -o json
    [ "$(jq -r '[.application,.profile]|join(" ")' <<<"$output")" = "$APP " ]
    # The server's program does not stumble over them.
    "$CLIENTELED" config show >/dev/null
}

@test "a profile's token goes to the profile's service alone" {
    serve
    sign_in
    CLIENTELE_BASE_URL=http://127.0.0.1:1 clientele customers count
    fails 2 "The profile 'default' is for another service"
    CLIENTELE_CLOUD=china clientele customers count
    fails 2 "The profile 'default' is for another service"
    CLIENTELE_BASE_URL=$BASE clientele customers count
    works
}

# ---- customers -------------------------------------------------------------------------------------------

@test "the list in every format has the same customers, over all pages" {
    serve
    sign_in
    clientele customers list --output ndjson
    works
    [ "$(wc -l <<<"$output")" -eq 1200 ]
    [ "$(jq -r .id <<<"$output" | sort -u | wc -l)" -eq 1200 ]
    jq -r '[.id,.companyProfile.companyName,.companyProfile.domain,.relationshipToPartner]|@tsv' <<<"$output" >want
    clientele customers list --output json --page-size 100
    works
    jq -r '.[]|[.id,.companyProfile.companyName,.companyProfile.domain,.relationshipToPartner]|@tsv' <<<"$output" | cmp want -
    clientele customers list --output tsv --page-size 7
    works
    sed 1d <<<"$output" | cmp want -
    "$CLIENTELE" customers list --output csv >list.csv
    python3 -c 'import csv; [print("\t".join(row)) for row in csv.reader(open("list.csv", newline=""))]' | sed 1d | cmp want -
    clientele customers list
    works
    [ "$(wc -l <<<"$output")" -eq 1201 ]
    [[ "${lines[0]}" =~ ^ID\ +NAME\ +DOMAIN\ +RELATION$ ]]
    [ "$(cut -c1-36 <<<"$output" | sed 1d)" = "$(cut -f1 want)" ]
}

@test "limits, columns and filters" {
    serve
    sign_in
    for limit in 1 40 500 501 1199 1200 5000; do
        clientele customers list --limit "$limit" --output tsv --columns id
        works
        [ "$(sed 1d <<<"$output" | wc -l)" -eq "$((limit < 1200 ? limit : 1200))" ]
    done
    clientele customers list --limit 1 --output csv --columns Domain,companyName
    [ "${lines[0]}" = $'domain,companyName\r' ]
    clientele customers list --limit 2 --output ndjson --columns id,domain
    [ "$(jq -c 'keys' <<<"$output" | sort -u)" = '["domain","id"]' ]
    domain=$(jq -r .domain <<<"$output" | head -n 1)
    clientele customers list --domain "${domain%.*}" --output tsv --columns domain
    works
    [ "${lines[1]}" = "$domain" ]
    name=$("$CLIENTELE" customers list --limit 600 --output ndjson | sed -n 600p | jq -r .companyProfile.companyName)
    clientele customers list --name "$name" --output ndjson
    works
    [[ "$(jq -r .companyProfile.companyName <<<"$output")" == *"$name"* ]]
    clientele customers count --name "$name"
    works
    [ "$output" -ge 1 ]
    clientele customers list --name 'no such name'
    works
    [ -z "$output" ]
    clientele customers list --name 'no such name' --output json
    [ "$output" = '[]' ]
    clientele customers list --reseller "$TENANT"
    fails 1 '403' 'request id' 'App + User'
}

@test "one customer by id and by domain, in every format" {
    serve
    sign_in
    read -r id domain < <("$CLIENTELE" customers list --limit 1 --output ndjson | jq -r '"\(.id) \(.companyProfile.domain)"')
    clientele customers get "$id" --output ndjson
    works
    local want=$output
    [ "$(jq -r .id <<<"$output")" = "$id" ]
    [ "$(jq -r '.billingProfile.defaultAddress.country|length' <<<"$output")" -eq 2 ]
    for name in "{$id}" "${id^^}" "$domain" "${domain^^}"; do
        clientele customers get "$name" -o json
        works
        [ "$(jq -cS . <<<"$output")" = "$(jq -cS . <<<"$want")" ]
    done
    clientele customers get "$id"
    works
    grep -qE "^id +$id$" <<<"$output"
    grep -qE "^domain +$domain$" <<<"$output"
    clientele customers get "$id" --output csv --columns country,domain
    works
    [ "${lines[0]}" = $'country,domain\r' ]
    clientele customers get nobody.example
    fails 4 "There is no customer with the domain 'nobody.example'"
    clientele customers get 99999999-2222-4333-8444-555555555555
    fails 4 '404 not found' 'request id'
}

@test "what the list prints, clienteled imports again" {
    serve
    sign_in
    "$CLIENTELE" customers export all.ndjson
    "$CLIENTELE" customers export all.csv
    for file in all.ndjson all.csv; do
        run --separate-stderr "$CLIENTELED" import --partner contoso.example --data "$BATS_FILE_TMPDIR/store" --store-map-size 16G "$file"
        [ "$status" -eq 0 ]
        [[ "$output" == '1200 rows: 0 new, '*' 0 refused' ]]
    done
}

# ---- any call --------------------------------------------------------------------------------------------

@test "any call: paths, headers, fields, pages" {
    serve
    sign_in
    for path in /v1/customers?size=1 customers?size=1; do
        clientele api "$path"
        works
        [ "$(jq -r '.items|length' <<<"$output")" -eq 1 ]
    done
    clientele api get customers -f size=2 -F seekOperation=First
    works
    [ "$(jq -r .links.self.uri <<<"$output")" = '/v1/customers?size=2' ]
    clientele api customers -f size=1000 --paginate
    works
    [ "$(wc -l <<<"$output")" -eq 3 ]
    [ "$(jq -r '.items[].id' <<<"$output" | sort -u | wc -l)" -eq 1200 ]
    clientele api customers -f size=1 -i -H 'Prefer: count=exact'
    works
    grep -q '^Content-Range: items 0-0/1200$' <<<"$output"
    [ "${lines[0]}" = 'HTTP 200' ]
    grep -q '^MS-RequestId: [0-9a-f-]\{36\}$' <<<"$output"
    clientele api HEAD customers -i
    works
    [ "${lines[0]}" = 'HTTP 200' ]
}

@test "a call that fails prints the answer, says why, and tells its kind by the exit code" {
    serve
    sign_in
    clientele api nothing
    fails 4 'GET /v1/nothing: ' '404 not found, code 1000' 'This service has no such call' 'request id'
    [ "$(jq .code <<<"$output")" -eq 1000 ]
    clientele customers get 99999999-9999-4999-8999-999999999999
    fails 4 '404 not found, code 60003' "'clientele customers list' shows"
    clientele api customers -f size=-1
    fails 1 '400 bad input, code 2000' 'size' 'Correct the parameter that is named'
    clientele api https://elsewhere.example/v1/customers
    [ "$status" -eq 1 ]
    CLIENTELE_TOKEN=x CLIENTELE_BASE_URL=$BASE clientele api customers
    fails 3 '401 unauthorized' 'CLIENTELE_TOKEN'
    clientele api POST customers --paginate
    fails 2 '--paginate goes with GET'
    clientele api x -H nonsense
    fails 2 'Name: value'
    # In words of the command line, not of C.
    clientele api x -H 'Authorization: Bearer other'
    fails 2 '--header may not name Authorization, which every call has already'
    clientele login --base-url nonsense --tenant x --client-id "$APP" --secret-file secret
    fails 2 'The base URL is not a URL'
    clientele api POST x -f nonsense
    fails 2 'name=value'
    clientele api POST x -f a=1 -f a.b=2
    fails 2 'no object'
    clientele api POST x --input nowhere
    fails 2 'nowhere cannot be read'
    CLIENTELE_TOKEN=x CLIENTELE_BASE_URL=http://127.0.0.1:1 clientele api customers --timeout 1
    [ "$status" -eq 1 ]
    [[ "$stderr" == *'127.0.0.1:1'* ]]
}

@test "bodies are what was asked for" {
    script_service
    sign_in_scripted
    clientele api POST anything -f companyProfile.domain=a.example -f companyProfile.companyName=true -F allow=true \
        -F n=12 -F 'list=["a"]' -F none=null -F text=abc -H 'X-Own: 1'
    works
    [ "$(jq -r .path <<<"$output")" = /v1/anything ]
    [ "$(jq -r '.headers["X-Own"]' <<<"$output")" = 1 ]
    [ "$(jq -r .body <<<"$output" | jq -cS .)" = '{"allow":true,"companyProfile":{"companyName":"true","domain":"a.example"},"list":["a"],"n":12,"none":null,"text":"abc"}' ]
    printf '{"a":1}' >body
    clientele api PUT 'anything?x=1' --input body -f 'q=a b&c'
    works
    [ "$(jq -r .body <<<"$output")" = '{"a":1}' ]
    [ "$(jq -r .path <<<"$output")" = '/v1/anything?x=1&q=a%20b%26c' ]
    run bash -c 'printf "[2]" | "$CLIENTELE" api PATCH anything --input -'
    [ "$(jq -r .body <<<"$output")" = '[2]' ]
}

# ---- output ----------------------------------------------------------------------------------------------

@test "a list that breaks off is not taken for a whole one" {
    script_service --customers 30 --break-at 20
    sign_in_scripted
    clientele customers list --page-size 10 -o json
    fails 1 'Not this page.' '400 bad input' 'request id'
    [ "$(grep -c '"id"' <<<"$output")" -eq 20 ]
    ! jq . <<<"$output" 2>/dev/null || false
    clientele customers list --page-size 10 -o ndjson
    fails 1 'Not this page.'
    [ "$(jq -c . <<<"$output" | wc -l)" -eq 20 ]
    clientele customers list --page-size 10 --limit 20 -o json
    works
    [ "$(jq length <<<"$output")" -eq 20 ]
}

@test "a full disk is an error, a reader that leaves is none" {
    serve
    sign_in
    for command in 'customers list' 'customers list -o json' 'customers count' 'api customers' whoami version 'profile list' \
        --help 'completion bash' 'customers export -' 'customers export /dev/full'; do
        run --separate-stderr bash -c "\"\$CLIENTELE\" $command >/dev/full"
        fails 1 'Standard output cannot be written: No space left on device.'
        [ "$(grep -c 'cannot be written' <<<"$stderr")" -eq 1 ]
    done
    for command in 'customers list' 'customers list -o csv' 'customers export -' 'api customers --paginate -f size=10'; do
        run --separate-stderr bash -c "set -o pipefail; \"\$CLIENTELE\" $command | head -n 1"
        works
    done
}
