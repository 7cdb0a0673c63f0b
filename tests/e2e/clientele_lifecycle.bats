#!/usr/bin/env bats
# `clientele` and the life of a customer: creating, changing, removing, and what is looked up for it.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/clientele

RESELLER=77777777-2222-4333-8444-555555555555
SOLD=99999999-0000-4000-8000-000000000001

daemon() {
    "$CLIENTELED" "$@" --data store --store-map-size 16G
}

setup_file() {
    make_store 0
    rm -r store
    daemon init >/dev/null
    daemon partner add contoso.example --id "$TENANT" --sandbox >/dev/null
    daemon app add --partner contoso.example --id "$APP" | sed -n 's/^secret *//p' >secret
    daemon partner add northern.example --id "$RESELLER" --name 'Northern Lights' --mpn-id 4847383 --country NO >/dev/null
    daemon partner link --provider contoso.example --reseller northern.example >/dev/null
}

setup() {
    use_own_home
    cp -r "$BATS_FILE_TMPDIR/store" store
    STORE=store serve --auth-require-user=false
    sign_in
}

teardown() {
    stop_server
}

create_customer() { # DOMAIN NAME [MEMBERS]: its id
    "$CLIENTELE" api POST customers --input - <<END | jq -r .id
{"companyProfile":{"domain":"$1"},"billingProfile":{"email":"a@b.example","culture":"en-US","language":"en",
"companyName":"$2","defaultAddress":{"country":"US","city":"Redmond","state":"WA","addressLine1":"1 Main St",
"postalCode":"98052","firstName":"Ada","lastName":"Byron"}}${3:-}}
END
}

is_there() { # DOMAIN
    [ "$("$CLIENTELE" customers list --domain "$1" --output ndjson | wc -l)" -eq 1 ]
}

# ---- looking up ------------------------------------------------------------------------------------------

@test "a domain is free until a customer has it" {
    clientele domain check contoso
    works
    [ "$output" = free ]
    create_customer contoso.onmicrosoft.com Contoso
    clientele domain check contoso
    [ "$status" -eq 1 ]
    [ "$output" = taken ]
    [ -z "$stderr" ]
    # No answer is neither.
    clientele domain check 'no domain'
    fails 2 'HEAD /v1/domains/' '400 bad input' 'request id'
    CLIENTELE_TOKEN=x CLIENTELE_BASE_URL=http://127.0.0.1:1 clientele domain check contoso --timeout 1
    [ "$status" -eq 2 ]
    run --separate-stderr bash -c '"$CLIENTELE" domain check contoso >/dev/full'
    fails 2 'Standard output cannot be written'
    clientele domain check
    fails 2 'DOMAIN is missing'
}

@test "an address is valid, not valid, or undecided" {
    local address=(--country US --address '1 Main St' --city Redmond --state WA)
    clientele address validate "${address[@]}" --postal-code 98052
    works
    [[ "${lines[0]}" == 'valid: '* ]]
    [ "${lines[1]}" = 'suggested: 1 Main St, Redmond, WA 98052, US' ]
    clientele address validate "${address[@]}" --postal-code ABC
    [ "$status" -eq 1 ]
    [[ "$output" == 'not valid: '* ]]
    clientele address validate "${address[@]}" --postal-code 98052 -o json
    works
    [ "$(jq -r '.isValid, .status, .suggestedAddresses[0].city' <<<"$output" | xargs)" = 'true Verified Redmond' ]
    CLIENTELE_TOKEN=x CLIENTELE_BASE_URL=http://127.0.0.1:1 clientele address validate "${address[@]}" --timeout 1
    [ "$status" -eq 2 ]
    clientele address validate --city Redmond
    fails 2 'address validate: --country is missing'
}

@test "resellers are listed in every format, by name, and of one customer" {
    clientele resellers list
    works
    [ "${lines[0]}" = 'ID                                    NAME             MPN ID   COUNTRY  STATE' ]
    [ "${lines[1]}" = "$RESELLER  Northern Lights  4847383  NO       Active" ]
    clientele resellers list --name north -o ndjson
    works
    [ "$(jq -r '.id, .name, .mpnId' <<<"$output" | xargs)" = "$RESELLER Northern Lights 4847383" ]
    clientele resellers list --columns mpnId,relationshipType -o csv
    [ "$(tr -d '\r' <<<"$output" | xargs)" = 'mpnId,relationshipType 4847383,is_indirect_cloud_solution_provider_of' ]
    clientele resellers list --name zzz -o json
    [ "$output" = '[]' ]
    clientele resellers list --providers -o json
    [ "$output" = '[]' ]
    create_customer sold.example Sold ",\"associatedPartnerId\":\"$RESELLER\""
    clientele resellers list --customer sold.example -o json
    works
    [ "$(jq -r '.[0].id, .[0].state' <<<"$output" | xargs)" = "$RESELLER null" ]
    clientele resellers list --customer sold.example --name x
    fails 2 '--customer goes with neither'
    clientele resellers list --columns nme
    fails 2 "did you mean 'name'?"
    clientele resellers list --customer nobody.example
    fails 4 "no customer with the domain 'nobody.example'"
}

# ---- creating --------------------------------------------------------------------------------------------

REDMOND=(--first-name Ada --last-name Byron --email ada@contoso.example --country US --address '1 Main St' --city Redmond
    --state WA --postal-code 98052)

@test "a customer is created from flags, and what the country tells need not be said" {
    clientele customers create --domain made.example --name 'Made "Ltd"' "${REDMOND[@]}" -o json
    works
    [ "$(jq -r '.billingProfile.culture, .billingProfile.language, .userCredentials.userName' <<<"$output" | xargs)" = 'en-US en admin' ]
    [ "$(jq -r '.userCredentials.password | length' <<<"$output")" -eq 12 ]
    [ "$(jq -r .companyProfile.companyName <<<"$output")" = 'Made "Ltd"' ]
    [ "$(jq -r .billingProfile.defaultAddress.firstName <<<"$output")" = Ada ]
    local password id
    password="$(jq -r .userCredentials.password <<<"$output")"
    id="$(jq -r .id <<<"$output")"
    clientele customers get "$id" -o json
    works
    [[ "$output" != *"$password"* ]]
    ! grep -q -e "$password" log || false
    clientele customers create --domain MADE.example --name Again "${REDMOND[@]}"
    fails 1 '409 already exists' 'CompanyProfile.Domain' "'clientele domain check DOMAIN' tells"
    clientele customers create --domain shown.example --name Shown "${REDMOND[@]}"
    works
    grep -qE '^userCredentials.password +.{12}$' <<<"$output"
    clientele customers create --domain sold.example --name Sold "${REDMOND[@]}" --reseller "$RESELLER" -o json
    works
    [ "$(jq -r .associatedPartnerId <<<"$output")" = "$RESELLER" ]
}

@test "a password that could not be written can be had again" {
    local place id
    mkfifo pipe
    for place in full gone; do
        run --separate-stderr bash -c 'if [ "$1" = full ]; then exec >/dev/full; else exec 3<>pipe >pipe 3>&-; fi
            shift
            exec "$CLIENTELE" customers create "$@"' bash "$place" --domain "$place.example" --name Lost "${REDMOND[@]}" -o json
        fails 1 ' was created, but standard output cannot be written' 'Within 24 hours' '--request-id '
        id="${stderr##*--request-id }"
        clientele customers create --domain "$place.example" --name Lost "${REDMOND[@]}" -o json --request-id "${id%% *}"
        works
        [ "$(jq -r '.userCredentials.password | length' <<<"$output")" -eq 12 ]
        is_there "$place.example"
    done
}

@test "all that is wrong with a customer is told, one thing a line" {
    clientele customers create --domain wrong.example --country US --address x --city y --culture xx-XX
    [ "$status" -eq 1 ]
    [[ "${stderr_lines[0]}" == *'POST /v1/customers: what was sent is refused (400 bad input'* ]]
    for member in BillingProfile.CompanyName BillingProfile.Email BillingProfile.DefaultAddress.FirstName; do
        [ "$(grep -c "^clientele:   .*$member" <<<"$stderr")" -eq 1 ]
    done
    ! is_there wrong.example || false
}

@test "a customer is created from a file, over which flags go, in any case of names" {
    clientele customers create --domain first.example --name First "${REDMOND[@]}" -o json
    works
    # What was got is taken back, without what only the service writes.
    printf '%s' "$output" >customer.json
    clientele customers create --from customer.json --domain second.example --name Second -o json </dev/null
    works
    [ "$(jq -r '.companyProfile.domain, .billingProfile.companyName, .billingProfile.email' <<<"$output" | xargs)" = 'second.example Second ada@contoso.example' ]
    jq '{CompanyProfile: {Domain: "third.example"}, BillingProfile: .billingProfile}' customer.json >pascal.json
    clientele customers create --from - -o json <pascal.json
    works
    [ "$(jq -r .companyProfile.domain <<<"$output")" = third.example ]
    for row in '{"companyProfile":{"domian":"x"}}|did you mean companyProfile.domain?' '{"a":1}|a customer has no member a' \
        '{"companyProfile":{"domain":7}}|companyProfile.domain is not a text' '[]|not an object' '{|not JSON: ' \
        '{"companyProfile":{"domain":"a","domain":"b"}}|not JSON: '; do
        printf '%s' "${row%|*}" >bad.json
        clientele customers create --from bad.json
        fails 2 'customers create: --from: ' "${row#*|}"
    done
    clientele customers create --from nothing.json
    fails 2 '--from: nothing.json cannot be read'
    clientele customers create </dev/null
    fails 2 '--domain is missing, and there is no terminal to ask'
}

@test "on a terminal what is missing is asked for, and nothing else" {
    on_terminal --columns 200 --type 'onmicrosoft.com: ' $'asked.example\n' --type 'of the company: ' $'\n' --type 'of the company: ' $'Asked Ltd\n' \
        --type 'two letters' $'US\n' --type 'first line: ' $'1 Main St\n' --type 'City: ' $'Redmond\n' --type 'State: ' $'WA\n' \
        --type 'Postal code: ' $'98052\n' --type 'first name: ' $'Ada\n' --type 'last name: ' $'Byron\n' \
        --type 'e-mail address: ' $'ada@asked.example\n' --type 'Culture [en-US]: ' $'\n' -- customers create
    [ "$status" -eq 0 ]
    [[ "$output" == *'created; the password is shown this once.'* ]]
    [[ "$output" != *'Phone number'* ]]
    clientele customers get asked.example -o json
    [ "$(jq -r '.billingProfile.companyName, .billingProfile.culture, .billingProfile.defaultAddress.lastName' <<<"$output" | xargs)" = 'Asked Ltd en-US Byron' ]
    on_terminal --type 'Name of the company: ' '^C' -- customers create --domain never.example
    [ "$status" -eq 130 ]
    [[ "$output" == *'interrupted; nothing was created.'* ]]
    ! is_there never.example || false
    # With all of it given nobody is asked.
    on_terminal --columns 200 -- customers create --domain silent.example --name Silent "${REDMOND[@]}"
    [ "$status" -eq 0 ]
    [[ "$output" != *': '*'?'* ]]
}

@test "the same request id creates one customer" {
    local id=3705fc6d-4127-4a87-bdba-9658f73fe019
    clientele customers create --domain once.example --name Once "${REDMOND[@]}" -o ndjson --request-id "$id"
    works
    local first="$output"
    clientele customers create --domain once.example --name Once "${REDMOND[@]}" -o ndjson --request-id "$id"
    works
    [ "$output" = "$first" ]
    clientele customers create --domain other.example --name Once "${REDMOND[@]}" --request-id "$id"
    fails 1 '409' 'MS-RequestId' 'leave --request-id away'
    clientele customers create --domain other.example --name Once "${REDMOND[@]}" --request-id 7
    fails 2 "--request-id: '7' is no GUID"
    stop_server
    clientele customers create --domain lost.example --name Lost "${REDMOND[@]}" --culture en-US --timeout 2
    fails 1 'the same command with --request-id ' 'No answer came'
}

# ---- billing profiles ------------------------------------------------------------------------------------

billing() { # DOMAIN MEMBER...: of the profile
    "$CLIENTELE" customers billing get "$1" -o json | jq -r "$2"
}

make_editor() { # COMMANDS: run with the file in $1
    printf '#!/bin/sh\n%s\n' "$1" >editor
    chmod +x editor
    export EDITOR="$PWD/editor" TMPDIR="$PWD/drafts"
    unset VISUAL
    mkdir -p drafts
}

@test "a billing profile is shown, and its members are set one by one" {
    create_customer set.example 'Set Ltd'
    clientele customers billing get set.example
    works
    grep -q '^companyName  *Set Ltd$' <<<"$output"
    grep -q '^defaultAddress.city  *Redmond$' <<<"$output"
    grep -qE '^attributes.etag  *-?[0-9]+$' <<<"$output"
    clientele customers billing set set.example --email new@set.example --phone 4255550101
    works
    [ -z "$output" ]
    [ "$(billing set.example '.email, .defaultAddress.phoneNumber, .companyName' | xargs)" = 'new@set.example 4255550101 Set Ltd' ]
    clientele customers billing set set.example --phone '' --name 'Renamed Ltd'
    works
    [ "$(billing set.example '.defaultAddress.phoneNumber, .companyName' | xargs)" = 'null Renamed Ltd' ]
    [ "$("$CLIENTELE" customers list --name renamed -o csv --columns domain | sed -n 2p | tr -d '\r')" = set.example ]
    clientele customers billing set set.example --email '' --culture ''
    [ "$status" -eq 1 ]
    [[ "${stderr_lines[0]}" == *'PUT /v1/customers/'*'what was sent is refused'* ]]
    grep -q '^clientele:   .*BillingProfile.Email' <<<"$stderr"
    grep -q '^clientele:   .*BillingProfile.Culture' <<<"$stderr"
    [ "$(billing set.example .email)" = new@set.example ]
    clientele customers billing set set.example
    fails 2 'what shall be changed?'
    clientele customers billing get nobody.example
    fails 4 'no customer'
}

@test "many who set members of one profile at once lose nothing" {
    create_customer many.example Many
    local members=(--email=a@x.example --first-name=F --last-name=L --address=2nd --city=Seattle) pids=() flag
    for flag in "${members[@]}"; do
        "$CLIENTELE" customers billing set many.example "$flag" &
        pids+=($!)
    done
    for flag in "${pids[@]}"; do wait "$flag"; done
    [ "$(billing many.example '.email, .firstName, .lastName, .defaultAddress.addressLine1, .defaultAddress.city' | xargs)" = 'a@x.example F L 2nd Seattle' ]
}

@test "a file replaces a profile, but not over somebody else's change" {
    create_customer file.example File
    "$CLIENTELE" customers billing get file.example -o json >profile.json
    jq '.companyName = "Mine"' profile.json >mine.json
    clientele customers billing set file.example --email other@file.example
    works
    clientele customers billing set file.example --from mine.json
    fails 1 '400 precondition failed' 'Somebody else changed the profile'
    grep -q '^- companyName: File$' <<<"$stderr"
    grep -q '^+ companyName: Mine$' <<<"$stderr"
    [ "$(billing file.example .companyName)" = File ]
    jq 'del(.attributes)' mine.json | "$CLIENTELE" customers billing set file.example --from -
    [ "$(billing file.example '.companyName, .email' | xargs)" = 'Mine a@b.example' ]
    # What acts on a terminal goes there and back, too.
    clientele customers billing set file.example --name $'\u202eMarked\u200e'
    works
    "$CLIENTELE" customers billing get file.example -o json >marked.json
    ! grep -q $'\u202e' marked.json || false
    jq '.email = "marked@file.example"' marked.json >file.json
    clientele customers billing set file.example --from file.json
    works
    [ "$(billing file.example .companyName)" = $'\u202eMarked\u200e' ]
    clientele customers billing set file.example --from marked.json
    fails 1 'Somebody else changed the profile'
    echo '{"emial": "x"}' >bad.json
    clientele customers billing set file.example --from bad.json
    fails 2 '--from: There is no member emial; did you mean email?'
}

@test "a profile is edited; without a change nothing is sent" {
    create_customer edit.example Edit
    make_editor 'sed -i "s/a@b.example/edited@b.example/" "$1"; cp "$1" seen.json; stat -c %a "$1" >mode'
    clientele customers billing edit edit.example
    works
    [ "$(billing edit.example .email)" = edited@b.example ]
    [ "$(cat mode)" = 600 ]
    [ "$(jq -r 'keys | join(" ")' seen.json)" = 'companyName culture defaultAddress email language' ]
    [ -z "$(ls drafts)" ]
    local etag
    etag="$(billing edit.example .attributes.etag)"
    make_editor ':'
    on_terminal -- customers billing edit edit.example
    [ "$status" -eq 0 ]
    [[ "$output" == *'nothing was changed.'* ]]
    [ "$(billing edit.example .attributes.etag)" = "$etag" ]
    # An editor that fails leaves a file only if something was typed.
    make_editor 'exit 3'
    clientele customers billing edit edit.example
    fails 1 'did not end well'
    [[ "$stderr" != *'What you wrote'* ]]
    [ -z "$(ls drafts)" ]
    make_editor 'sed -i "s/Redmond/Tacoma/" "$1"; exit 3'
    clientele customers billing edit edit.example
    fails 1 'did not end well' 'What you wrote is in'
    grep -q Tacoma drafts/clientele-*.json
    # Without one there has to be a terminal.
    unset EDITOR VISUAL
    clientele customers billing edit edit.example </dev/null
    fails 2 'There is no terminal for vi' 'EDITOR' 'customers billing set'
    TERM=dumb on_terminal -- customers billing edit edit.example
    [ "$status" -eq 2 ]
}

@test "what cannot be sent is edited again, or stays in a file" {
    create_customer again.example Again
    make_editor 'if [ -e once ]; then cp "$1" second; sed -i "s/,,/,/; s/a@b.example/good@b.example/" "$1"; else touch once; sed -i "s/,/,,/" "$1"; fi'
    on_terminal --type 'again? [Y/n] ' $'\n' -- customers billing edit again.example
    [ "$status" -eq 0 ]
    [[ "$output" == *'This is not JSON: '*'in line '* ]]
    grep -q ',,' second
    [ "$(billing again.example .email)" = good@b.example ]
    make_editor 'sed -i "s/\"en-US\"/\"xx-XX\"/; s/\"email\": \"[^\"]*\"/\"email\": \"\"/" "$1"'
    clientele customers billing edit again.example </dev/null
    fails 1 'what was sent is refused' 'BillingProfile.Culture' 'What you wrote is in' 'customers billing set again.example --from '
    grep -q xx-XX drafts/clientele-*.json
    [ "$(billing again.example .culture)" = en-US ]
    rm drafts/*
    make_editor 'sed -i "s/\"email\"/\"emial\"/" "$1"'
    clientele customers billing edit again.example </dev/null
    fails 1 'There is no member emial; did you mean email?' 'What you wrote is in'
    grep -q emial drafts/clientele-*.json
}

@test "a conflict is shown as a difference, and both changes are kept" {
    create_customer both.example Both
    make_editor 'if ! [ -e once ]; then touch once; sed -i "s/a@b.example/mine@b.example/; s/Redmond/Tacoma/" "$1"
        "$CLIENTELE" customers billing set both.example --city Seattle --first-name Their; else cp "$1" second; fi'
    on_terminal --type '[q]uit? ' $'e\n' -- customers billing edit both.example
    [ "$status" -eq 0 ]
    [[ "$output" == *'Somebody else changed the profile meanwhile:'*'- defaultAddress.city: Redmond'*'+ defaultAddress.city: Seattle'* ]]
    [[ "$output" == *'Your changes:'*'- email: a@b.example'*'+ email: mine@b.example'* ]]
    [[ "$output" == *'Both changed defaultAddress.city (they: Seattle).'* ]]
    [ "$(jq -r '.email, .firstName, .defaultAddress.city' second | xargs)" = 'mine@b.example Their Tacoma' ]
    [ "$(billing both.example '.email, .firstName, .defaultAddress.city' | xargs)" = 'mine@b.example Their Tacoma' ]
    # Where nobody can be asked, the file has both.
    make_editor 'sed -i "s/mine@b.example/late@b.example/" "$1"; "$CLIENTELE" customers billing set both.example --first-name Again'
    clientele customers billing edit both.example </dev/null
    fails 1 'Somebody else changed the profile' 'What you wrote is in'
    [ "$(billing both.example '.email, .firstName' | xargs)" = 'mine@b.example Again' ]
    clientele customers billing set both.example --from drafts/clientele-*.json
    works
    [ "$(billing both.example '.email, .firstName' | xargs)" = 'late@b.example Again' ]
}

# ---- removing --------------------------------------------------------------------------------------------

@test "a customer is deleted only if its name is typed, or nobody is asked" {
    local id
    id="$(create_customer gone.example 'Gone Ltd')"
    clientele customers delete gone.example </dev/null
    fails 2 'customers delete: --yes is needed'
    is_there gone.example
    on_terminal --type 'to go on: ' $'Other\n' -- customers delete gone.example
    [ "$status" -eq 1 ]
    [[ "$output" == 'clientele: Delete Gone Ltd (gone.example) with everything that it has? There is no way back.'*'That is not its name; nothing was changed.'* ]]
    on_terminal --type 'to go on: ' '^C' -- customers delete gone.example
    [ "$status" -eq 130 ]
    [[ "$output" == *'nothing was changed'* ]]
    is_there gone.example
    on_terminal --type 'to go on: ' $' Gone Ltd \n' -- customers delete "$id"
    [ "$status" -eq 0 ]
    [[ "$output" == *'deleted: Gone Ltd (gone.example).'* ]]
    ! is_there gone.example || false
    create_customer gone.example 'Gone Again'
    clientele customers delete gone.example --yes
    works
    [ -z "$output" ]
    ! is_there gone.example || false
    clientele customers delete "$id" --yes
    fails 4 '404 not found'
}

@test "a relationship is removed, or delegated access alone" {
    create_customer left.example Left
    on_terminal --type 'to go on: ' $'LEFT.example\n' -- customers remove-relationship left.example --only-delegated-access
    [ "$status" -eq 0 ]
    [[ "$output" == *'delegated access is removed: Left (left.example).'* ]]
    clientele customers get left.example --columns allowDelegatedAccess,relationshipToPartner -o csv
    [[ "$output" == *$'\n''false,reseller'* ]]
    clientele customers remove-relationship left.example -y
    works
    ! is_there left.example || false
    clientele customers remove-relationship left.example -y
    fails 4 'no customer'
}

# ---- errors ----------------------------------------------------------------------------------------------

@test "everything that is wrong is told, one thing a line, with the request id" {
    clientele api POST customers -f companyProfile.domain=x.example -f billingProfile.email= -f billingProfile.language=en
    [ "$status" -eq 1 ]
    [[ "${stderr_lines[0]}" == 'clientele: POST /v1/customers: what was sent is refused (400 bad input, code '*'):' ]]
    for member in BillingProfile.Email BillingProfile.Culture BillingProfile.CompanyName; do
        [ "$(grep -c "^clientele:   .*$member" <<<"$stderr")" -eq 1 ]
    done
    [[ "$stderr" == *'clientele: request id '* ]]
}

# ---- qualification ---------------------------------------------------------------------------------------

@test "a customer is qualified, and not any more" {
    create_customer school.example School
    clientele customers qualification get school.example -o json
    works
    [ "$output" = '[]' ]
    clientele customers qualification set school.example education -o ndjson
    works
    [ "$(jq -r '.qualification, .vettingStatus' <<<"$output" | tr A-Z a-z | xargs)" = 'education approved' ]
    clientele customers qualification get school.example --columns qualification -o csv
    works
    [ "$(sed -n 2p <<<"$output" | tr -d '\r' | tr A-Z a-z)" = education ]
    clientele customers qualification set school.example wizardry
    fails 1 '400 bad input'
    clientele customers qualification set school.example none
    works
    clientele customers qualification get school.example -o json
    [ "$output" = '[]' ]
    clientele customers qualification get nobody.example
    fails 4 'no customer'
}

@test "a qualification is shown and applied for" {
    local id=00000000-0000-4000-8000-000000000001
    stop_server
    script_service
    sign_in_scripted
    clientele customers qualification get "$id"
    works
    [ "$(xargs <<<"$output")" = 'QUALIFICATION VETTING REASON DATE Education Approved 2026-11-01' ]
    clientele customers qualification set "$id" nonprofit --code 7 -o ndjson
    works
    [ "$output" = '{"qualification":"nonprofit","vettingStatus":"InReview"}' ]
    grep -q "^POST /v1/customers/$id/qualifications -$" requests
    clientele customers qualification set "$id" none
    works
    grep -q "^POST /v1/customers/$id/qualification -$" requests
    clientele customers qualification set "$id"
    fails 2 'ID|DOMAIN WORD is missing'
}

# ---- audit -----------------------------------------------------------------------------------------------

@test "who changed what is listed, newest first, by customer, name, type and date" {
    create_customer first.example First
    create_customer second.example Second
    "$CLIENTELE" customers billing set first.example --name 'First Renamed'
    clientele audit list --resource-type customer
    works
    [[ "${lines[0]}" == 'DATE '*'OPERATION '*'CUSTOMER '*'USER '*'APPLICATION'* ]]
    [ "$(sed 1d <<<"$output" | awk '{print $2, $3}' | xargs)" = 'update_customer_billing_profile First add_customer Second add_customer First' ]
    [[ "$output" == *"$APP"* ]]
    clientele audit list --resource-type customer -o ndjson
    works
    [ "$(jq -r .operationType <<<"$output" | xargs)" = 'update_customer_billing_profile add_customer add_customer' ]
    [ "$(tail -n 1 <<<"$output" | jq -r '.customizedData[0].key, .customizedData[0].value, .operationStatus' | xargs)" = 'PrimaryDomainName first.example succeeded' ]
    count() { "$CLIENTELE" audit list "$@" -o json | jq length; }
    [ "$(count --customer first.example)" -eq 2 ]
    [ "$(count --name SECOND)" -eq 1 ]
    [ "$(count --resource-type customer)" -eq 3 ]
    [ "$(count --operation add_customer)" -eq 2 ]
    [ "$(count --actor "$APP")" -eq 3 ]
    [ "$(count --limit 2)" -eq 2 ]
    [ "$(count --resource-type application)" -eq 1 ] # the one that the tests sign in with
    [ "$(count --since 1h)" -eq 5 ] # the reseller is linked, too
    [ "$(count --since 80d)" -eq 5 ]
    [ "$(count --until "$(date -u -d yesterday +%F)")" -eq 0 ]
    [ "$(count --since 80d --until "$(date -u -d '40 days ago' +%F)")" -eq 0 ]
    [ "$(count --since "$(date -u +%F)" --until "$(date -u -d tomorrow +%F)")" -eq 5 ]
    clientele audit list --columns operationType,customerName -o csv --limit 1
    [ "$(tr -d '\r' <<<"$output" | xargs -d '\n')" = 'operationType,customerName update_customer_billing_profile,First Renamed' ]
}

@test "audit queries that cannot be meant are told" {
    for row in '--since yesterday|no date such as' '--since 1d --until 2d|--since is after --until' \
        '--name a --actor b|filters by one thing at a time' '--follow --until 1d|--follow goes with neither' \
        '--follow -o json|--output ndjson has a record a line' '--columns who|there is no column'; do
        clientele audit list ${row%|*}
        fails 2 "${row#*|}"
    done
    clientele audit list --since 200d
    fails 1 '400 bad input' 'startDate'
}

@test "following ends when nobody reads any more" {
    create_customer only.example Only
    run --separate-stderr timeout 60 bash -c 'set -o pipefail; "$CLIENTELE" audit list --follow --since 1h -o ndjson | head -n 1'
    works
    jq -e .operationType <<<"$output"
}

@test "records are followed as they come, oldest first, until Ctrl-C" {
    create_customer before.example Before
    "$CLIENTELE" audit list --follow --since 1h --output ndjson >followed 2>errors 3>&- &
    local follower=$!
    wait_for followed
    create_customer while.example While
    create_customer while2.example While2
    for _ in $(seq 200); do
        [ "$(wc -l <followed)" -ge 5 ] && break
        sleep 0.1
    done
    kill -INT "$follower"
    local status=0
    wait "$follower" || status=$?
    [ "$status" -eq 130 ]
    [ "$(jq -r '.customerName // empty' followed | xargs)" = 'Before While While2' ]
    [ "$(cat errors)" = 'clientele: interrupted.' ]
}
