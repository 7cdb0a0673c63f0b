#!/usr/bin/env bats
# `clientele` on a terminal: width, colours, progress, Ctrl-C, prompts, and names that would act on it.
bats_require_minimum_version 1.5.0
load ../support/server
load ../support/clientele

setup_file() {
    make_store 300
}

setup() {
    use_own_home
}

teardown() {
    stop_server
}

width_of_lines() { # the widest line of $output as a terminal shows it, without colours
    sed 's/\x1b\[[0-9;]*m//g; s/\r$//' <<<"$output" | python3 -c '
import sys, unicodedata
def width(c):
    if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf"): return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1
print(max(sum(map(width, line.rstrip("\n"))) for line in sys.stdin))'
}

@test "tables fit the terminal, with names in every script, and align" {
    serve
    sign_in
    for columns in 40 60 80 100 132; do
        on_terminal --columns "$columns" -- customers list
        [ "$status" -eq 0 ]
        [ "${#lines[@]}" -eq 301 ]
        [ "$(width_of_lines)" -le "$columns" ]
    done
    # At 80 every id is whole, and what was cut says so.
    on_terminal --columns 80 -- customers list
    [ "$(grep -cE '^[0-9a-f-]{36}  ' <<<"$output")" -eq 300 ]
    [[ "$output" == *…* ]]
    # The relation begins in the same column of every line.
    [ "$(sed 's/\x1b\[[0-9;]*m//g; s/\r$//; 1d' <<<"$output" | grep -c '  reseller$')" -eq 300 ]
    # What is about one customer goes on below instead, so that nothing is lost.
    local domain
    domain="$("$CLIENTELE" customers list --limit 1 -o csv --columns domain | sed -n 2p | tr -d '\r')"
    for columns in 12 40 60; do
        for command in 'customers get' 'customers billing get'; do
            NO_COLOR=1 on_terminal --columns "$columns" -- $command "$domain"
            [ "$status" -eq 0 ]
            [ "$(width_of_lines)" -le "$columns" ]
            [[ "$output" != *…* ]]
        done
        NO_COLOR=1 on_terminal --columns "$columns" -- whoami
        [ "$(width_of_lines)" -le "$columns" ]
    done
    # Not on a terminal nothing is cut.
    clientele customers list
    [[ "$output" != *…* ]]
}

@test "colours are for terminals, and for those who want them" {
    serve
    sign_in
    on_terminal -- customers list --limit 1
    [[ "${lines[0]}" == $'\e[1mID'*$'\e[0m'* ]]
    NO_COLOR=1 on_terminal -- customers list --limit 1
    [[ "$output" != *$'\e'* ]]
    NO_COLOR= on_terminal -- customers list --limit 1
    [[ "$output" == *$'\e'* ]]
    TERM=dumb on_terminal -- customers list --limit 1
    [[ "$output" != *$'\e'* ]]
    clientele customers list --limit 1
    [[ "$output" != *$'\e'* ]]
    on_terminal --stdout list.txt -- customers list --limit 1
    ! grep -q $'\e' list.txt || false
}

@test "names that act on a terminal do not" {
    script_service --customers 3 --evil
    sign_in_scripted
    for arguments in 'customers list' 'customers list -o csv' 'customers list -o tsv' 'customers list -o json' 'api customers'; do
        NO_COLOR=1 on_terminal --columns 200 -- $arguments
        [ "$status" -eq 0 ]
        [[ "$output" == *'cmd()'* ]]
        [[ "$output" != *$'\e'* && "$output" != *$'\x07'* && "$output" != *$'\u202e'* && "$output" != *$'\u009b'* ]]
    done
    # For programs the bytes are what the service sent.
    clientele customers list --output csv --columns companyName --limit 1
    [[ "$output" == *$'"\e[2J\e]0;owned\x07=cmd()\u202e\u009b31m, ""Ltd""\r\n"'* ]]
    clientele customers list --output ndjson --limit 1
    [[ "$(jq -r .companyProfile.companyName <<<"$output")" == $'\e[2J\e]0;owned\x07=cmd()\u202e'* ]]
    [[ "$output" != *$'\e'* ]]
}

@test "an export shows a bar with rate and time left, and takes it away" {
    script_service --customers 200 --page-delay 0.1
    sign_in_scripted
    on_terminal --columns 100 -- customers export out.ndjson --page-size 10
    [ "$status" -eq 0 ]
    [[ "$output" =~ \[#+-+\]\ +[0-9]+%\ +[0-9]+\ customers,\ [0-9]+/s,\ 0:[0-9][0-9]\ left ]]
    [[ "$output" == *$'\r\e[K''clientele: 200 customers exported.'* ]]
    on_terminal --columns 30 -- customers export out.ndjson --page-size 10
    [ "$status" -eq 0 ]
    [ "$(tr '\r' '\n' <<<"$output" | sed 's/\x1b\[K//g' | grep -v exported | awk '{ print length }' | sort -n | tail -n 1)" -lt 30 ]
    clientele customers export out.ndjson
    works
}

@test "Ctrl-C ends a list behind a whole page" {
    script_service --customers 200 --page-delay 0.2
    sign_in_scripted
    NO_COLOR=1 on_terminal --type 'Company 000025' '^C' -- customers list --page-size 10
    [ "$status" -eq 130 ]
    [[ "$output" == *'clientele: interrupted.'* ]]
    rows=$(grep -c ' Company ' <<<"$output")
    [ "$rows" -ge 20 ]
    [ "$rows" -lt 200 ]
    [ "$((rows % 10))" -eq 0 ]
    # An array stays open, for it is not all of them.
    on_terminal --stdout list.json --type 'GET /v1/customers"' '^C' -- customers list --page-size 10 -o json -v
    [ "$status" -eq 130 ]
    grep -q Company list.json
    ! jq . list.json 2>/dev/null || false
}

@test "Ctrl-C gives up a sign-in, and nothing is kept" {
    script_service --pending 1000
    on_terminal --type 'gives up' '^C' -- login --base-url "$BASE" --tenant contoso.example
    [ "$status" -eq 130 ]
    [[ "$output" == *'enter ABC-DEF'*'interrupted; nothing was changed.'* ]]
    [ ! -e "$CREDENTIALS" ]
}

@test "a secret that is typed is not shown" {
    script_service
    on_terminal --type 'Secret: ' $'right\n' -- login --base-url "$BASE" --tenant contoso.example --client-id "$APP" --secret-file -
    [ "$status" -eq 0 ]
    [[ "$output" == *"signed in; the profile 'default'"* ]]
    [[ "$output" != *right* ]]
    clientele customers count
    works
    rm "$CREDENTIALS"
    on_terminal --type 'Secret: ' '^C' -- login --base-url "$BASE" --tenant contoso.example --client-id "$APP" --secret-file -
    [ "$status" -eq 130 ]
    [[ "$output" == *'interrupted; nothing was changed.'* ]]
    [ ! -e "$CREDENTIALS" ]
}

@test "JSON of any call is indented for people alone" {
    script_service --customers 1
    sign_in_scripted
    on_terminal -- api customers
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -gt 10 ]
    clientele api customers
    [ "${#lines[@]}" -eq 1 ]
}
