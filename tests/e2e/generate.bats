#!/usr/bin/env bats
# `clienteled generate` as a process: what it makes, that it makes it again, and how it ends.
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
    "$CLIENTELED" partner add one.example --id 11111111-2222-4333-8444-555555555555 >/dev/null
    "$CLIENTELED" partner add two.example --id 11111111-2222-4333-8444-666666666666 >/dev/null
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/data" data
}

teardown() {
    stop_server
}

generate() {
    run --separate-stderr "$CLIENTELED" generate "$@"
}

makes() { # SUMMARY
    if [ "$status" -ne 0 ] || [ "$output" != "$1" ] || [ -n "$stderr" ]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

fails() { # STATUS WORDS
    if [ "$status" -ne "$1" ] || [[ "${stderr_lines[0]}" != "clienteled: "*"$2"* ]]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

serve() {
    "$CLIENTELED" serve --listen 127.0.0.1:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    BASE="http://$(cat ready)"
}

sign_in() { # DOMAIN: sets token
    local app
    app=$("$CLIENTELED" app add --partner "$1")
    token=$(curl -s "$BASE/$1/oauth2/token" -d grant_type=client_credentials \
        -d resource=https://api.partnercenter.microsoft.com \
        -d "client_id=$(sed -n 's/^application *//p' <<<"$app")" \
        --data-urlencode "client_secret=$(sed -n 's/^secret *//p' <<<"$app")" | jq -r .access_token)
}

get() { # PATH
    curl -s --fail "$BASE$1" -H "Authorization: Bearer $token" | sed '1s/^\xef\xbb\xbf//'
}

@test "the same seed again changes nothing, a larger count only adds" {
    generate --partner one.example --count 500 --seed 7
    makes '500 rows: 500 new, 0 updated, 0 unchanged, 0 refused'
    generate --partner 11111111-2222-4333-8444-555555555555 --count 500 --seed 7
    makes '500 rows: 0 new, 0 updated, 500 unchanged, 0 refused'
    generate --partner one.example --count 600 --seed 7
    makes '600 rows: 100 new, 0 updated, 500 unchanged, 0 refused'
    run "$CLIENTELED" check
    [ "$status" -eq 0 ]
    [[ "$output" == *' 600 customers, '*': 0 findings' ]]
}

@test "another seed and another partner make others" {
    for seed in 0 1 18446744073709551615; do
        generate --partner one.example --count 200 --seed "$seed"
        makes '200 rows: 200 new, 0 updated, 0 unchanged, 0 refused'
    done
    generate --partner two.example --count 200 --seed 1
    makes '200 rows: 200 new, 0 updated, 0 unchanged, 0 refused'
}

@test "none is as good as any number" {
    generate --partner one.example --count 0 --seed 1
    makes '0 rows: 0 new, 0 updated, 0 unchanged, 0 refused'
}

@test "two stores get the same customers, and they are plausible" {
    for folder in data other; do
        [ -d "$folder" ] || cp -r --sparse=always "$BATS_FILE_TMPDIR/data" "$folder"
        export CLIENTELE_DATA=$folder
        generate --partner one.example --count 500 --seed 42
        serve
        sign_in one.example
        get '/v1/customers?size=500' | jq -c '.items|map([.id,.companyProfile.domain,.companyProfile.companyName])|sort[]' >"$folder.items"
        for id in $(jq -r '.[0]' "$folder.items" | head -n 40); do
            get "/v1/customers/$id" | jq -cS 'del(.links,.attributes)' >>"$folder.customers"
        done
        stop_server
    done
    cmp data.items other.items
    [ "$(wc -l <data.items)" -eq 500 ]
    [ "$(jq -r '.[1]' data.items | sort -u | wc -l)" -eq 500 ]
    [ "$(jq -r '.[1]' data.items | grep -vcE '^[a-z]+[0-9]+\.[a-z2-7]{8}\.example$')" -eq 0 ]
    [ "$(jq -r '.[2]' data.items | sort -u | wc -l)" -gt 450 ]
    for script in Greek Cyrillic Han Hiragana Katakana Hangul Arabic; do
        [ "$(jq -r '.[2]' data.items | grep -cP "\\p{$script}")" -gt 0 ]
    done
    [ "$(jq -r '.[2]' data.items | grep -cP '[À-ÖØ-öø-ÿĀ-ž]')" -gt 50 ]
    # Everyone has a country and what follows from it; some have more.
    [ "$(wc -l <data.customers)" -eq 40 ]
    [ "$(jq -s 'map(select(.billingProfile.defaultAddress.country|test("^[A-Z]{2}$")))|length' data.customers)" -eq 40 ]
    [ "$(jq -s 'map(select(.billingProfile.culture|test("^[a-z]{2}-")))|length' data.customers)" -eq 40 ]
    for member in city addressLine1 firstName; do
        some=$(jq -s "map(select(.billingProfile.defaultAddress.$member))|length" data.customers)
        [ "$some" -gt 5 ]
        [ "$some" -lt 40 ]
    done
    [ "$(jq -r '.billingProfile.email // empty' data.customers | wc -l)" -gt 5 ]
    [ "$(jq -r '.billingProfile.email // empty' data.customers | grep -vcE '^[a-z.]+@[a-z]+[0-9]+\.[a-z2-7]{8}\.example$')" -eq 0 ]
    diff <(jq -cS 'del(.billingProfile.attributes)' data.customers) <(jq -cS 'del(.billingProfile.attributes)' other.customers)
}

@test "a domain that another partner holds is refused, with exit code 3" {
    generate --partner one.example --count 3 --seed 5
    serve
    sign_in one.example
    domain=$(get '/v1/customers?size=1' | jq -r '.items[0].companyProfile.domain')
    stop_server
    "$CLIENTELED" partner remove one.example --yes one.example
    "$CLIENTELED" partner add one.example --id 11111111-2222-4333-8444-555555555555
    printf 'companyName,domain\nHolder,%s\n' "$domain" | "$CLIENTELED" import --partner two.example -
    generate --partner one.example --count 3 --seed 5
    [ "$status" -eq 3 ]
    [ "$output" = '3 rows: 2 new, 0 updated, 0 unchanged, 1 refused' ]
}

@test "a wrong command line is told, with exit code 2" {
    generate --count 5 --seed 1
    fails 2 'generate: --partner is missing'
    generate --partner one.example --seed 1
    fails 2 '--count is missing'
    generate --partner one.example --count 5
    fails 2 '--seed is missing'
    for count in -1 1.5 many '' 1e6 1000000001 99999999999999999999999; do
        generate --partner one.example "--count=$count" --seed 1
        fails 2 '--count'
    done
    generate --partner one.example --count -5 --seed 1
    fails 2 "--count: '-5' is not a whole number from 0 to 1000000000."
    for seed in x -1 18446744073709551616 ' 1'; do
        generate --partner one.example --count 5 "--seed=$seed"
        fails 2 "--seed: '$seed' is not a whole number"
    done
    generate --partner one.example --count 5 --seed 1 more
    fails 2 "'more' is one argument too many"
    generate --partner one.example --count 5 --sed 1
    fails 2 'did you mean --seed?'
    run "$CLIENTELED" check
    [[ "$output" == *' 0 customers, '* ]]
}

@test "a partner or a store that is not there" {
    generate --partner nobody.example --count 5 --seed 1
    fails 1 "There is no partner 'nobody.example'"
    generate --partner one.example --count 5 --seed 1 --data nowhere
    fails 1 nowhere
    [ ! -e nowhere ]
}

@test "a summary that cannot be written is an error" {
    run --separate-stderr bash -c '"$CLIENTELED" generate --partner one.example --count 5 --seed 1 >/dev/full'
    fails 1 'Standard output cannot be written: No space left on device.'
}

@test "progress is shown on a terminal only, and erased" {
    run script -qec "\"$CLIENTELED\" generate --partner one.example --count 20000 --seed 1" /dev/null
    [ "$status" -eq 0 ]
    [[ "$output" == *'customers'$'\r'$'\e[K20000 rows: 20000 new'* ]]
    [[ "$output" == *'] '*'%'* ]]
}

@test "interrupted, it keeps what is stored and goes on when started again" {
    serve
    "$CLIENTELED" generate --partner one.example --count 1000000 --seed 1 >out 2>err &
    local pid=$!
    for _ in $(seq 500); do
        [ "$("$CLIENTELED" partner list --json | jq -s 'map(.customers) | add')" = 0 ] || break
        sleep 0.05
    done
    kill -TERM "$pid"
    local code=0
    wait "$pid" || code=$?
    [ "$code" -eq 1 ]
    [ "$(cat err)" = 'clienteled: interrupted; the same command again goes on.' ]
    stored=$(sed -n 's/ rows: .*//p' out)
    [ "$stored" -gt 0 ]
    generate --partner one.example --count "$stored" --seed 1
    makes "$stored rows: 0 new, 0 updated, $stored unchanged, 0 refused"
    run "$CLIENTELED" check
    [ "$status" -eq 0 ]
}
