#!/usr/bin/env bats
# `clienteled import` as a process: what goes in, what is refused, what it says, how it ends.
# The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0

setup_file() {
    local root
    root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    export DEMO="$root/share/demo"
    export CLIENTELED="${CLIENTELED:-$root/bin/clienteled}"
    export CLIENTELE_STORE_MAP_SIZE=16G
    "$CLIENTELED" init --demo --data "$BATS_FILE_TMPDIR/store" >"$BATS_FILE_TMPDIR/init"
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" data
}

teardown() {
    if [ -n "${SERVER:-}" ]; then
        kill "$SERVER" || true
        wait "$SERVER" || true
    fi
}

import() {
    run --separate-stderr "$CLIENTELED" import --data data --partner northwind.example "$@"
}

ends() { # STATUS SUMMARY: how it ended, and the first line of what it said
    if [ "$status" -ne "$1" ] || [ "${lines[0]:-}" != "$2" ]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

fails() { # STATUS WORDS: nothing on standard output but a summary, WORDS on standard error
    if [ "$status" -ne "$1" ] || [[ "$stderr" != *"$2"* ]]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

@test "init --demo imports both demo files whole" {
    grep -q '^fabrikam.example: 28073 customers$' "$BATS_FILE_TMPDIR/init"
    grep -q '^northwind.example: 40 customers$' "$BATS_FILE_TMPDIR/init"
}

@test "the same file again changes nothing" {
    run --separate-stderr "$CLIENTELED" import --data data --partner fabrikam.example --rejects r "$DEMO/companies.csv"
    ends 0 '28073 rows: 0 new, 0 updated, 28073 unchanged, 0 refused'
    [ "${#lines[@]}" -eq 1 ]
    [ -z "$stderr" ]
    [ ! -e r ]
}

@test "new, updated and unchanged rows are told apart" {
    printf 'companyName,domain\nOne,one.example\nTwo,two.example\n' >first.csv
    printf 'domain,companyName\nONE.example,One\ntwo.example,Two renamed\nthree.example,Three\ntwo.example,Two renamed\n' >second.csv
    import first.csv
    ends 0 '2 rows: 2 new, 0 updated, 0 unchanged, 0 refused'
    import second.csv
    ends 0 '4 rows: 1 new, 2 updated, 1 unchanged, 0 refused'
}

@test "a file with a header alone is no error" {
    printf 'companyName,domain\n' >in.csv
    import in.csv
    ends 0 '0 rows: 0 new, 0 updated, 0 unchanged, 0 refused'
}

@test "Partner Center's own export is taken, with its ids" {
    printf '\xef\xbb\xbfMicrosoft ID,Company name,Primary domain name,Relationship\r\n' >in.csv
    printf 'aaaabbbb-0000-cccc-1111-dddd2222eeee,"Caf\xc3\xa9 ""Nord"", Inc.",cafe-nord.example,Cloud Reseller\r\n' >>in.csv
    import in.csv
    ends 0 '1 rows: 1 new, 0 updated, 0 unchanged, 0 refused'
    # Only if the id was kept is this the same customer.
    printf '{"id":"AAAABBBB-0000-CCCC-1111-DDDD2222EEEE","companyProfile":{"domain":"other.example","companyName":"X"}}' >in.ndjson
    import in.ndjson
    ends 0 '1 rows: 0 new, 1 updated, 0 unchanged, 0 refused'
}

@test "JSON paths name columns, in any case" {
    printf 'COMPANYPROFILE.DOMAIN,billingProfile.companyName,billingprofile.defaultaddress.phonenumber\na.example,A,1\n' >in.csv
    printf '{"companyProfile":{"domain":"a.example"},"billingProfile":{"companyName":"A","defaultAddress":{"phoneNumber":"1"}}}\n' >in.ndjson
    import in.csv
    ends 0 '1 rows: 1 new, 0 updated, 0 unchanged, 0 refused'
    import in.ndjson
    ends 0 '1 rows: 0 new, 0 updated, 1 unchanged, 0 refused'
}

@test "missing trailing cells are absent" {
    printf 'domain,companyName,country,city\na.example,A\nb.example,B,,\n' >in.csv
    printf '{"companyProfile":{"domain":"a.example","companyName":"A"}}\n\n{"companyProfile":{"domain":"b.example","companyName":"B"}}' >in.ndjson
    import in.csv
    ends 0 '2 rows: 2 new, 0 updated, 0 unchanged, 0 refused'
    import in.ndjson
    ends 0 '2 rows: 0 new, 0 updated, 2 unchanged, 0 refused'
}

@test "standard input is read, and its rejects go to the current folder" {
    run --separate-stderr "$CLIENTELED" import --data data --partner northwind.example - \
        < <(printf '\n \ndomain,companyName\na.example,A\nbad,B\n')
    ends 3 '2 rows: 1 new, 0 updated, 0 unchanged, 1 refused'
    [[ "${lines[1]}" == *import.rejects* ]]
    [ "$(sed -n 2p import.rejects)" = '5,companyProfile.domain is not a DNS name such as contoso.onmicrosoft.com.,bad,B' ]
}

@test "a partner is named by domain or id; an unknown one is an error" {
    printf 'domain,companyName\na.example,A\n' >in.csv
    run --separate-stderr "$CLIENTELED" import --data data --partner C7D9E1F2-30A4-4B5C-8D6E-7F8091A2B3C4 in.csv
    ends 0 '1 rows: 1 new, 0 updated, 0 unchanged, 0 refused'
    run --separate-stderr "$CLIENTELED" import --data data --partner Northwind.Example in.csv
    ends 0 '1 rows: 0 new, 0 updated, 1 unchanged, 0 refused'
    run --separate-stderr "$CLIENTELED" import --data data --partner nobody.example in.csv
    fails 1 "'nobody.example'"
}

@test "every reason to refuse a row is told with its line, and the others go in" {
    {
        printf 'companyName,domain,id,city,relationshipToPartner\n'
        printf 'Good,good.example,,,\n'
        printf ',no-name.example,,,\n'
        printf 'No domain,,,,\n\n'
        printf '"Bad\ndomain",-x.example,,,\n'
        printf 'Bad id,bad-id.example,123,,\n'
        printf 'Bad \xff UTF-8,bad-utf8.example,,,\n'
        printf '"Control\tcharacter",control.example,,,\n'
        printf 'Long city,long.example,,%0200d,\n' 0
        printf 'Taken,CAFE-mueller.example,aaaabbbb-0000-cccc-1111-dddd2222eeee,,\n'
        printf 'Too many,many.example,,,,1,2\n'
        printf '"Quoted, ""name""",,,,\n'
    } >in.csv
    import in.csv
    ends 3 '11 rows: 1 new, 0 updated, 0 unchanged, 10 refused'
    [ "${lines[1]}" = 'The refused rows are in in.csv.rejects, each with its line and the reason.' ]
    [ "$(sed -n 1p in.csv.rejects)" = 'line,reason,companyName,domain,id,city,relationshipToPartner' ]
    grep -qx '3,companyProfile.companyName is missing.,,no-name.example,,,' in.csv.rejects
    grep -qx '4,companyProfile.domain is missing.,No domain,,,,' in.csv.rejects
    grep -q '^6,companyProfile.*"Bad$' in.csv.rejects
    grep -qx '8,id is not a GUID.,Bad id,bad-id.example,123,,' in.csv.rejects
    grep -qa '^9,companyProfile.companyName is not valid UTF-8' in.csv.rejects
    grep -q '^10,companyProfile.companyName contains a control character' in.csv.rejects
    grep -q '^11,billingProfile.defaultAddress.city is longer than 128 characters' in.csv.rejects
    grep -q '^12,companyProfile.domain is held by another customer' in.csv.rejects
    grep -q '^13,"The row has 7 cells, but the header names 5 columns.",Too many,' in.csv.rejects
    grep -qx '14,companyProfile.domain is missing.,"Quoted, ""name""",,,,' in.csv.rejects
}

@test "a mended rejects file can be imported again, and again" {
    printf 'companyName,domain\n"A, Inc.",a\n"B, Inc.",b\n' >in.csv
    import in.csv
    ends 3 '2 rows: 0 new, 0 updated, 0 unchanged, 2 refused'
    sed 's/,a$/,a.example/' in.csv.rejects >mended.csv
    import mended.csv
    ends 3 '2 rows: 1 new, 0 updated, 0 unchanged, 1 refused'
    [ "$(sed -n 1p mended.csv.rejects)" = 'line,reason,companyName,domain' ]
    [[ "$(sed -n 2p mended.csv.rejects)" == 3,*',"B, Inc.",b' ]]
    sed 's/,b$/,b.example/' mended.csv.rejects >again.csv
    import again.csv
    ends 0 '1 rows: 1 new, 0 updated, 0 unchanged, 0 refused'
}

@test "the rejects file of an earlier run goes away" {
    printf 'companyName,domain\nA,a\n' >in.csv
    import --rejects refused.csv in.csv
    ends 3 '1 rows: 0 new, 0 updated, 0 unchanged, 1 refused'
    [ -e refused.csv ]
    printf 'companyName,domain\nA,a.example\n' >in.csv
    import --rejects refused.csv in.csv
    ends 0 '1 rows: 1 new, 0 updated, 0 unchanged, 0 refused'
    [ ! -e refused.csv ]
}

@test "rejects may go to a device" {
    printf 'companyName,domain\nA,a\n' >in.csv
    import --rejects /dev/null in.csv
    ends 3 '1 rows: 0 new, 0 updated, 0 unchanged, 1 refused'
    [ -c /dev/null ]
}

@test "a rejects file that cannot be written ends the import" {
    printf 'companyName,domain\nA,a\n' >in.csv
    import --rejects missing/refused.csv in.csv
    fails 1 'missing/refused.csv'
    import --rejects /dev/full in.csv
    fails 1 '/dev/full'
}

@test "refused NDJSON lines are told as JSON" {
    {
        printf '\n{"companyProfile":{"domain":"a.example","companyName":"A"}}\n'
        printf '{"companyProfile":{"domain":"b.example"\n'
        printf '{"companyProfile":{"domain":1,"companyName":"say \\"hi\\""}}\r\n'
        printf '{"companyProfile":{"domain":"c.example","companyName":"\xff"}}\n'
        printf '{"companyProfile":{"domain":"d.example","companyName":"a\0b"}}\n'
        printf '[]\n'
    } >in.ndjson
    import in.ndjson
    ends 3 '6 rows: 1 new, 0 updated, 0 unchanged, 5 refused'
    [ "$(jq -s 'map(.line)|tostring' -r in.ndjson.rejects)" = '[3,4,5,6,7]' ]
    [ "$(jq -r 'select(.line==4).reason' in.ndjson.rejects)" = 'companyProfile.domain must be a string.' ]
    [ "$(jq -r 'select(.line==4).input' in.ndjson.rejects)" = '{"companyProfile":{"domain":1,"companyName":"say \"hi\""}}' ]
    [ "$(jq -r 'select(.line==5).reason' in.ndjson.rejects)" = 'The line is not valid UTF-8.' ]
}

@test "an NDJSON line over 1 MiB is refused alone" {
    {
        printf '{"companyProfile":{"domain":"a.example","companyName":"A"}}\n{"x":"'
        head -c 3000000 /dev/zero | tr '\0' x
        printf '"}\n{"companyProfile":{"domain":"b.example","companyName":"B"}}\n'
        printf '{"companyProfile":{"domain":"c.example","companyName":"C"},"long but not too long":"'
        head -c 1000000 /dev/zero | tr '\0' x
        printf '"}'
    } >in.ndjson
    import in.ndjson
    ends 3 '4 rows: 3 new, 0 updated, 0 unchanged, 1 refused'
    [ "$(jq .line in.ndjson.rejects)" = 2 ]
    [[ "$(jq -r .reason in.ndjson.rejects)" == *'1 MiB'* ]]
}

@test "an unknown column is an error that suggests the nearest, before anything is read" {
    printf 'companyName,domian\nA,a.example\n' >in.csv
    import in.csv
    fails 1 "'domian', which no customer has; did you mean 'domain'?"
    fails 1 'nothing was stored'
    [ ! -e in.csv.rejects ]
}

@test "other headers that cannot be" {
    printf 'companyName,domain,companyProfile.domain\n' >repeated.csv
    printf 'companyName,city\nA,Bonn\n' >no-domain.csv
    import repeated.csv
    fails 1 'more than one column for companyProfile.domain'
    import no-domain.csv
    fails 1 'no column for the domain'
}

@test "input that is none of the three forms" {
    : >empty
    printf ' \n\r\n\t' >blank
    printf '[{"id":1}]' >array
    printf '\xff\xfed\0o\0m\0' >utf16
    import empty
    fails 1 'The input is empty'
    import blank
    fails 1 'The input is empty'
    import array
    fails 1 'JSON array'
    import utf16
    fails 1 'UTF-8'
}

@test "an open quote is an error that names its line, and nothing is stored" {
    printf 'companyName,domain\nA,a.example\nB,"b.example\nC,c.example\n' >in.csv
    import in.csv
    fails 1 'in.csv: line 3: the quote that opens here is never closed'
    fails 1 'stopped at line 3; nothing was stored.'
    sed -i 's/"//' in.csv
    import in.csv
    ends 0 '3 rows: 3 new, 0 updated, 0 unchanged, 0 refused'
}

@test "input that is not there or no file; a store that is not there" {
    import missing.csv
    fails 1 'missing.csv cannot be opened: No such file'
    import data
    fails 1 'data is a directory'
    printf 'companyName,domain\n' >in.csv
    run --separate-stderr "$CLIENTELED" import --data nowhere --partner northwind.example in.csv
    fails 1 'nowhere'
    [ ! -e nowhere ]
}

@test "a wrong command line is told, with exit code 2" {
    printf 'companyName,domain\nA,a\n' >in.csv
    run --separate-stderr "$CLIENTELED" import --data data in.csv
    fails 2 '--partner is missing'
    import
    fails 2 'FILE'
    import --reject x in.csv
    fails 2 '--rejects'
    import --rejects ./in.csv in.csv
    fails 2 'overwrite the input'
    [ "$(wc -l <in.csv)" -eq 2 ]
}

@test "an interrupted import keeps what it has read and says how far it got" {
    mkfifo pipe
    "$CLIENTELED" import --data data --partner northwind.example - <pipe >out 2>err &
    local import_pid=$!
    exec 4>pipe
    printf 'companyName,domain\nA,a.example\nB,b.example\n' >&4
    head -c 100000 /dev/zero | tr '\0' '\n' >&4
    sleep 0.5
    kill -TERM "$import_pid"
    local code=0
    wait "$import_pid" || code=$?
    exec 4>&-
    [ "$code" -eq 1 ]
    [ "$(cat err)" = 'clienteled: interrupted; rows before line 4 are stored.' ]
    [ "$(cat out)" = '2 rows: 2 new, 0 updated, 0 unchanged, 0 refused' ]
}

@test "progress is shown on a terminal only, and erased" {
    run script -qec "\"$CLIENTELED\" import --data data --partner fabrikam.example --rejects r \"$DEMO/companies.csv\"" /dev/null
    [ "$status" -eq 0 ]
    [[ "$output" == *'rows'$'\r'$'\e[K28073 rows: 0 new'* ]]
    [[ "$output" == *'] '*'%'* ]]
}

@test "beside a server rows go in by small batches" {
    "$CLIENTELED" serve --data data --listen 127.0.0.1:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    [ -s ready ]
    {
        printf 'companyName,domain\n'
        for i in $(seq 2000); do printf 'Company %d,c%d.example\n' "$i" "$i"; done
        printf 'Bad,bad\n'
    } >in.csv
    import in.csv
    ends 3 '2001 rows: 2000 new, 0 updated, 0 unchanged, 1 refused'
    [ "$(sed -n 2p in.csv.rejects | cut -d, -f1)" = 2002 ]
    kill -0 "$SERVER"
}
