#!/usr/bin/env bats
# `clienteled import` as a process: what goes in, what is refused, what it says, how it ends.
# The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

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
    stop_server
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
        printf '%s\n' '{"companyProfile":{"domain":"e.example","companyName":"a\u0000b"}}' null
    } >in.ndjson
    import in.ndjson
    ends 3 '8 rows: 1 new, 0 updated, 0 unchanged, 7 refused'
    [ "$(jq -s 'map(.line)|tostring' -r in.ndjson.rejects)" = '[3,4,5,6,7,8,9]' ]
    [ "$(jq -r 'select(.line==8).reason' in.ndjson.rejects)" = 'companyProfile.companyName contains a control character.' ]
    [ "$(jq -r 'select(.line==9).reason' in.ndjson.rejects)" = 'A Customer must be a JSON object.' ]
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
        seq 2000 | sed 's/.*/Company &,c&.example/'
        printf 'Bad,bad\n'
    } >in.csv
    import in.csv
    ends 3 '2001 rows: 2000 new, 0 updated, 0 unchanged, 1 refused'
    [ "$(sed -n 2p in.csv.rejects | cut -d, -f1)" = 2002 ]
    kill -0 "$SERVER"
}

@test "a rejects file that cannot be made is told before anything is stored" {
    printf 'companyName,domain\n,x\nA,ok77.example\n' >in.csv
    import --rejects missing/x in.csv
    fails 1 'missing/x cannot be written'
    [[ "$output" != *'refused rows are in'* ]]
    import --rejects . in.csv
    fails 1 'cannot be written'
    import in.csv
    ends 3 '2 rows: 1 new, 0 updated, 0 unchanged, 1 refused'
}

@test "rejects that cannot be written: what was stored is counted all the same" {
    {
        printf 'companyName,domain\n,x\nA,ok77.example\n'
        seq 1000 | sed 's/.*/Bad &,a domain that is none/'
        printf 'B,ok78.example\n'
    } >in.csv
    import --rejects /dev/full in.csv
    ends 1 '1003 rows: 2 new, 0 updated, 0 unchanged, 1001 refused'
    [ "${#lines[@]}" -eq 1 ]
    [ "$(grep -c 'The rejects file /dev/full cannot be written: No space left on device.' <<<"$stderr")" -eq 1 ]
    [[ "$stderr" != *'nothing was stored'* ]]
    # So few that only closing the file shows it.
    printf 'companyName,domain\n,x\nA,ok77.example\n' >in.csv
    import --rejects /dev/full in.csv
    ends 1 '2 rows: 0 new, 0 updated, 1 unchanged, 1 refused'
    [ "${#lines[@]}" -eq 1 ]
}

@test "a file-size limit that the rejects reach is told, and leaves no half of them" {
    {
        printf 'companyName,domain\nA,ok77.example\n'
        seq 30000 | sed 's/.*/Bad,& a domain that is none, and no short one either/'
    } >in.csv
    local size=0 # of the store, which this limit is for, too, if it is a file
    if [ -e data/data.mdb ]; then size="$(stat -c %s data/data.mdb)"; fi
    printf 'companyName,domain\n' >many.csv
    # Several times what is allowed.
    for i in $(seq 60); do tail -n +2 in.csv; done >>many.csv
    run --separate-stderr bash -c 'ulimit -f "$1" && shift && exec "$@"' - "$((size / 1024 + 4096))" \
        "$CLIENTELED" import --data data --partner northwind.example --rejects r many.csv
    fails 1 'The rejects file r'
    [[ "$stderr" == *'rows before line '*' are stored'* ]]
    [[ "$output" == *' 1 new, '* && "$output" != *'refused rows are in'* ]]
    [ "$(echo r*)" = 'r*' ]
}

@test "a quote inside a plain cell belongs to it" {
    printf 'companyName,domain\nA "x" y,qi.example\nB 3",r.example\n' >in.csv
    printf '{"companyProfile":{"domain":"qi.example","companyName":"A \\"x\\" y"}}\n' >in.ndjson
    import in.csv
    ends 0 '2 rows: 2 new, 0 updated, 0 unchanged, 0 refused'
    import in.ndjson
    ends 0 '1 rows: 0 new, 0 updated, 1 unchanged, 0 refused'
}

@test "a row that is no CSV is refused alone" {
    {
        printf 'companyName,domain,city\nA,a.example,\n'
        printf '"B" Inc.,b.example,"Bad\nTown"\n'
        printf 'C,c.example,'
        head -c 1100000 /dev/zero | tr '\0' x
        printf '\nD,d.example,"'
        head -c 3000000 /dev/zero | tr '\0' '\n'
        printf '"\nE,e.example'
        head -c 300 /dev/zero | tr '\0' ','
        printf '\nF,f.example,\n'
    } >in.csv
    import in.csv
    ends 3 '6 rows: 2 new, 0 updated, 0 unchanged, 4 refused'
    grep -qx '3,Text follows a closing quote.*,"B"" Inc.",b.example,"Bad' in.csv.rejects
    grep -qx '5,"The row is longer than 1 MiB.*",C,c.example,*' in.csv.rejects
    grep -qx '6,"The row is longer than 1 MiB.* It ends on line 3000006.*",D,d.example,*' in.csv.rejects
    grep -qx '3000007,The row has more than 256 cells[^,]*,E,e.example,*' in.csv.rejects
    [ "$(wc -c <in.csv.rejects)" -lt 2000 ]
}

@test "a header that is no CSV is an error" {
    printf '"companyName" x,domain\nA,a.example\n' >in.csv
    import in.csv
    fails 1 'line 1: Text follows a closing quote'
    fails 1 'nothing was stored'
}

@test "empty cells beyond the header are no matter" {
    printf 'companyName,domain,country\nD,d8.example,US,\nE,e8.example,US,,,\nF,f8.example,US,,x\n' >in.csv
    import in.csv
    ends 3 '3 rows: 2 new, 0 updated, 0 unchanged, 1 refused'
    grep -q '^4,"The row has 5 cells, but the header names 3 columns.",F,' in.csv.rejects
}

@test "other separators than commas are named" {
    printf 'companyName;domain\nA;a.example\n' >in.csv
    import in.csv
    fails 1 'The header is separated by semicolons; the columns of CSV are separated by commas.'
    [[ "$stderr" != *'did you mean'* ]]
    printf 'companyName\tdomain\tcountry\nA\ta.example\tUS\n' >in.csv
    import in.csv
    fails 1 'The header is separated by tabs; the columns of CSV are separated by commas.'
    printf 'companyName,domian\nA,a.example\n' >in.csv
    import in.csv
    [[ "$stderr" == *"did you mean 'domain'?"$'\n'* ]]
}

@test "a name that shows nothing is no name" {
    printf 'companyName,domain\n\xe2\x80\x8b,a.example\n\xc2\xa0,b.example\n\xc2\xad,c.example\nA\xc2\x85B,d.example\n' >in.csv
    import in.csv
    ends 3 '4 rows: 0 new, 0 updated, 0 unchanged, 4 refused'
    [ "$(grep -c 'companyProfile.companyName is missing' in.csv.rejects)" -eq 3 ]
    grep -q '^5,companyProfile.companyName contains a control character' in.csv.rejects
}

@test "a file that is no rejects file is not removed" {
    printf 'companyName,domain\nA,a.example\n' >in.csv
    printf 'precious\n' >notes
    import --rejects notes in.csv
    ends 0 '1 rows: 1 new, 0 updated, 0 unchanged, 0 refused'
    [ "$(cat notes)" = precious ]
    [ "$(echo notes*)" = notes ]
}

@test "an import that fails leaves the rejects file of an earlier run" {
    printf 'companyName,domain\nA,a\n' >in.csv
    import in.csv
    ends 3 '1 rows: 0 new, 0 updated, 0 unchanged, 1 refused'
    printf 'companyName,domian\nA,a\n' >in.csv
    import in.csv
    fails 1 'domian'
    [ "$(sed -n 2p in.csv.rejects | cut -d, -f1)" = 2 ]
    [ "$(echo in.csv*)" = 'in.csv in.csv.rejects' ]
}

# Starts an import of standard input that waits for more on descriptor 4.
start_import() {
    mkfifo pipe
    "$CLIENTELED" import --data data --partner northwind.example - <pipe >out 2>err 3>&- &
    IMPORT=$!
    exec 4>pipe
    printf 'companyName,domain\n%s' "$1" >&4
    # It has begun once it has made its rejects file.
    for _ in $(seq 100); do
        compgen -G 'import.rejects.*' >seen && break
        sleep 0.1
    done
}

@test "two imports from standard input do not touch each other's rejects" {
    start_import $'C,c\n'
    run --separate-stderr bash -c "printf 'companyName,domain\nA,a\n' | \"\$CLIENTELED\" import --data data --partner northwind.example - 4>&-"
    ends 3 '1 rows: 0 new, 0 updated, 0 unchanged, 1 refused'
    exec 4>&-
    local code=0
    wait "$IMPORT" || code=$?
    [ "$code" -eq 3 ]
    grep -q ',A,a$' import.rejects
    # The second finds the name taken, keeps its own and says it.
    local own
    own="$(sed -n 's/^The refused rows are in \(import.rejects\.[^,]*\), .*/\1/p' out)"
    grep -q ',C,c$' "$own"
}

@test "an import without refused rows leaves the rejects of one that ran beside it" {
    start_import $'C,c.example\n'
    run --separate-stderr bash -c "printf 'companyName,domain\nA,a\n' | \"\$CLIENTELED\" import --data data --partner northwind.example - 4>&-"
    ends 3 '1 rows: 0 new, 0 updated, 0 unchanged, 1 refused'
    exec 4>&-
    wait "$IMPORT"
    grep -q ',A,a$' import.rejects
    [ "$(echo import.*)" = import.rejects ]
}

@test "an import that was interrupted when all was read is done" {
    needs_folder 'load of so many rows at once'
    # So many that loading them takes longer than it takes to send the signal.
    awk 'BEGIN { print "companyName,domain"; for (i = 0; i < 100000; i++) printf "Company %d,c%d.example\n", i, i }' >in.csv
    "$CLIENTELED" import --data data --partner northwind.example in.csv >out 2>err 3>&- &
    local import_pid=$! position=0 code=0
    for _ in $(seq 3000); do
        position="$(sed -n 's/^pos:\t*//p' "/proc/$import_pid/fdinfo/"* 2>/dev/null | sort -n | tail -n 1)"
        [ "${position:-0}" -ge "$(stat -c %s in.csv)" ] && break
        sleep 0.01
    done
    sleep 0.3
    kill -TERM "$import_pid"
    wait "$import_pid" || code=$?
    cat out err
    [ "$code" -eq 0 ]
    [ "$(cat out)" = '100000 rows: 100000 new, 0 updated, 0 unchanged, 0 refused' ]
    [ ! -s err ]
}
