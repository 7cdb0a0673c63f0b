#!/usr/bin/env bats
# The benchmark harness runs through, row by row; how fast is nobody's business here.

@test "script/bench --quick measures every row and prints them as a table" {
    cd "$BATS_TEST_DIRNAME/../.."
    run script/bench --quick
    echo "$output"
    [ "$status" -eq 0 ]
    for row in nginx json-server Prism Mockoon 'last page' sqlite3 'node -e 0' RssAnon PostgreSQL 'list latency' \
        JSON.parse libcurl 'memory of the SDK' 'customers list' 'curl and jq' 'in rotation' 'oidc-provider' \
        'first contentful paint' 'frames over 25 ms' \
        'page of 40 on PostgreSQL' 'two servers' 'into PostgreSQL'; do
        [[ "$output" == *"$row"* ]]
    done
}
