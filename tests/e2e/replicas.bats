#!/usr/bin/env bats
# Two servers over one PostgreSQL database, and the commands for it. The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/postgres
load ../support/sign_in

LOGIN=http://login.example

setup_file() {
    local variable
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELE_STORE_MAP_SIZE=16G
    FULL=$(new_database)
    export FULL
    "$CLIENTELED" init --demo --store "$FULL" >/dev/null
}

teardown_file() { drop_database "$FULL"; }

setup() {
    cd "$BATS_TEST_TMPDIR"
    SERVERS=()
    DATABASES=()
}

teardown() {
    local status=0 server url
    keeps_secrets || status=1
    for server in "${SERVERS[@]}"; do
        kill "$server" && wait "$server" || { echo "a server did not end well" >&2; cat log >&2; status=1; }
    done
    [ -z "${HOLDER:-}" ] || let_go
    for url in "${DATABASES[@]}"; do drop_database "$url"; done
    return "$status"
}

fresh() { # COMMAND...: a database of this test's own, in U
    U=$("$@")
    DATABASES+=("$U")
}

serve() { # NAME STORE-FLAG FLAGS...: its address in the variable NAME
    local name=$1
    shift
    : >"ready.$name"
    "$CLIENTELED" serve "$@" --listen 127.0.0.1:0 --ready-fd 3 --auth-public-url "$LOGIN" --log-level debug \
        3>"ready.$name" 2>>log &
    SERVERS+=($!)
    for _ in $(seq 100); do [ -s "ready.$name" ] && break; sleep 0.1; done
    printf -v "$name" 'http://%s' "$(cat "ready.$name")"
}

two_servers() { # FLAGS...: A and B over a copy of the demo
    fresh copy_database "$FULL"
    serve A --store "$U" "$@"
    serve B --store "$U" "$@"
}

application_token() { # into token.json
    token grant_type=client_credentials "client_id=$SECRET_APP" "client_secret=demo-secret-not-for-production" \
        scope=https://api.partnercenter.microsoft.com/.default
    [ "$code" = 200 ]
}

create() { # FLAGS...: a customer; status in code, answer in body.json
    call /v1/customers -X POST -H 'Content-Type: application/json' "$@" -d '{"companyProfile":{"domain":"new.example"},
        "billingProfile":{"email":"a@b.example","culture":"en-US","language":"en","companyName":"New",
        "defaultAddress":{"country":"US","city":"Redmond","state":"WA","addressLine1":"1","postalCode":"98052",
        "firstName":"A","lastName":"B"}}}'
}

await_lock() { # STATEMENT: a session holds what it takes, in HOLDER, until let_go
    psql -qXAt "$U" -c "$1" -c "SELECT 'held'" -c 'SELECT pg_sleep(600)' >held 2>/dev/null &
    HOLDER=$!
    for _ in $(seq 100); do grep -q held held && return; sleep 0.1; done
    return 1
}

let_go() { # the server's side does not see that its client has gone
    postgres_run "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = '${U##*/}'" >/dev/null
    wait "$HOLDER" 2>/dev/null || :
    HOLDER=
}

# ---- which store, and what is told of it ----

@test "a store is in one place, a flag goes before the environment, and what is no URL is refused" {
    run -2 --separate-stderr "$CLIENTELED" check --data d --store postgresql://localhost/x
    [[ $stderr == *"data and store are both set"* ]]
    run -2 --separate-stderr "$CLIENTELED" check --store some/folder
    [[ $stderr == *"a folder is named by data"* ]]
    CLIENTELE_STORE=$FULL run -1 --separate-stderr "$CLIENTELED" check --data nowhere
    [[ $stderr == *"no store in 'nowhere'"* ]]
    CLIENTELE_DATA=nowhere run -0 "$CLIENTELED" partner list --store "$FULL"
    CLIENTELE_STORE=$FULL run -0 "$CLIENTELED" partner list
}

@test "a password in the URL is shown nowhere" {
    local url='postgresql://ada:dont-tell@127.0.0.1:1/x?password=dont-tell&connect_timeout=2'
    run -0 "$CLIENTELED" config show --store "$url"
    [[ $output == *"postgresql://ada:xxxxxxxxx@127.0.0.1:1/x"* ]]
    [[ $output != *dont-tell* ]]
    # The secret of a key, and passwords that should have been encoded.
    for url in 'postgresql://ada@db/x?sslpassword=dont-tell' 'postgresql://ada:no/dont-tell@db/x' 'postgresql://ada:n@dont-tell@db/x' \
        'postgresql://ada:no?dont-tell@db/x'; do
        run -0 "$CLIENTELED" config show --store "$url"
        [[ $output != *dont-tell* ]]
        run -1 "$CLIENTELED" check --store "$url" --store-timeout 1
        [[ $output != *dont-tell* ]]
    done
    url='postgresql://ada:dont-tell@127.0.0.1:1/x?password=dont-tell&connect_timeout=2'
    run -1 "$CLIENTELED" serve --store "$url" --store-timeout 2
    [[ $output != *dont-tell* ]]
    run -1 "$CLIENTELED" migrate --store "$url" --store-timeout 2
    [[ $output != *dont-tell* ]]
    run -2 "$CLIENTELED" copy "$url" data
    [[ $output != *dont-tell* ]]
    run -2 "$CLIENTELED" init --store "postgresql://ada:dont-tell" --data x
    [[ $output != *dont-tell* ]]
    serve A --store "${FULL/@/:dont-tell@}"
    [ -n "$A" ]
    ! tr '\0' ' ' <"/proc/${SERVERS[0]}/cmdline" | grep -q dont-tell || false
    ! grep -q dont-tell log || false
}

@test "a schema that is missing or newer is refused with what to do, and several bring it up at once" {
    fresh bare_database
    run -1 --separate-stderr "$CLIENTELED" serve --store "$U"
    [[ $stderr == *"run 'clienteled migrate --store URL'"* ]]
    local runs=()
    for _ in 1 2 3; do "$CLIENTELED" migrate --store "$U" >>migrated & runs+=($!); done
    wait "${runs[@]}"
    [ "$(grep -c 'went from version 0' migrated)" = 1 ]
    [ "$(grep -c already migrated)" = 2 ]
    run -1 --separate-stderr "$CLIENTELED" serve --store "$U"
    [[ $stderr == *"clienteled init --store URL"* ]]
    psql -qX "$U" -c "INSERT INTO clientele.migration (version, name) VALUES (99, 'later')"
    run -1 --separate-stderr "$CLIENTELED" init --store "$U"
    [[ $stderr == *"version 99"* ]]
    run -0 --separate-stderr "$CLIENTELED" migrate --data folder
    [[ $output == *"nothing to migrate"* ]]
}

@test "what a folder can and a database cannot is refused with the way out" {
    run -1 --separate-stderr "$CLIENTELED" backup --store "$FULL" file
    [[ $stderr == *pg_dump* ]]
    [ ! -e file ]
    "$CLIENTELED" init --data data
    "$CLIENTELED" backup --data data file
    run -1 --separate-stderr "$CLIENTELED" restore --store "$FULL" file
    [[ $stderr == *"clienteled copy"* ]]
}

@test "partners, applications, users and customers are kept by command as in a folder" {
    fresh new_database
    "$CLIENTELED" init --store "$U"
    "$CLIENTELED" partner add contoso.example --country DE --store "$U"
    "$CLIENTELED" app add --partner contoso.example --store "$U" | grep -q '^secret'
    echo long-enough >password
    "$CLIENTELED" user add ada@contoso.example --roles AdminAgents --password-file password --store "$U"
    "$CLIENTELED" generate --partner contoso.example --count 500 --seed 1 --store "$U"
    printf 'companyName,domain,country\nTailspin Toys,tailspintoys.example,US\n' |
        "$CLIENTELED" import --partner contoso.example --store "$U" -
    "$CLIENTELED" check --store "$U" | grep -q '501 customers.* 0 findings'
    "$CLIENTELED" export --keys --store "$U" out
    fresh new_database
    "$CLIENTELED" import --store "$U" out | grep -q '501 customers'
    "$CLIENTELED" export --keys --store "$U" again
    cmp out again
    run -1 --separate-stderr "$CLIENTELED" import --store "$U" out
    [[ $stderr == *"holds a store already"* ]]
    "$CLIENTELED" partner remove contoso.example --yes contoso.example --store "$U"
}

# ---- two servers ----

@test "a token of one server is good at the other, and so is the page that its list leads to" {
    two_servers
    BASE=$A
    application_token
    BASE=$B
    call '/v1/customers?size=2'
    [ "$code" = 200 ]
    local next
    next=$(jq -r .continuationToken body.json)
    BASE=$A
    call '/v1/customers?size=2&seekOperation=Next' -H "MS-ContinuationToken: $next"
    [ "$code" = 200 ]
    [ "$(jq .totalCount body.json)" = 2 ]
}

@test "readiness and metrics tell of schema and connections" {
    two_servers --store-connections 3
    curl -sS --fail "$A/readyz" >ready.json
    [ "$(jq .connections.most ready.json)" = 3 ]
    [ "$(jq .schema ready.json)" -ge 2 ]
    curl -sS --fail "$A/metrics" >metrics
    grep -qx 'clientele_store_connections_max 3' metrics
    grep -q '^clientele_store_connections{state="in_use"} ' metrics
    grep -q '^clientele_store_retries_total{reason="broken"} ' metrics
    grep -qx 'clientele_store_failovers_total 0' metrics
    psql -qX "$U" -c "DELETE FROM clientele.migration WHERE version > 1"
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$A/readyz")" = 503 ]
    psql -qX "$U" -c "INSERT INTO clientele.migration (version, name) VALUES (99, 'later')"
    curl -sS --fail "$A/readyz" >/dev/null
}

@test "what needs no database is served while that stands still, the rest is told to come again" {
    fresh copy_database "$FULL"
    serve A --store "$U" --store-connections 2 --store-queue 2 --store-timeout 3
    BASE=$A
    application_token
    await_lock 'BEGIN; LOCK TABLE clientele.store IN ACCESS EXCLUSIVE MODE'
    local requests=() i
    for i in $(seq 12); do
        curl -s -D "head.$i" -o /dev/null -H "Authorization: Bearer $(member access_token)" "$A/v1/customers" &
        requests+=($!)
    done
    curl -sS --fail "$A/healthz" >/dev/null
    curl -sS --fail "$A/common/discovery/instance" >/dev/null
    [ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Accept: text/html' "$A/")" != 503 ]
    for _ in $(seq 100); do
        curl -sS --fail "$A/metrics" >metrics
        grep -qx 'clientele_http_waiting_requests 0' metrics || break
    done
    ! grep -qx 'clientele_http_waiting_requests 0' metrics || false
    wait "${requests[@]}"
    for i in $(seq 12); do
        grep -q '^HTTP/1.1 503' "head.$i"
        grep -qi '^Retry-After: ' "head.$i"
    done
    grep -q 'Too many requests wait for the store' log
    ! curl -sS --fail "$A/metrics" | grep -qx 'clientele_http_waiting_refused_total 0' || false
    let_go
    for _ in $(seq 100); do call /v1/customers; [ "$code" != 503 ] && break; sleep 0.1; done
    [ "$code" = 200 ]
}

@test "a write that the database leaves waiting is done once, whichever server it is asked of again" {
    two_servers --store-timeout 2
    BASE=$A
    application_token
    await_lock 'BEGIN; LOCK TABLE clientele.domain IN ACCESS EXCLUSIVE MODE'
    local id=0e6d3f52-7a8b-4c1d-9e2f-a1b2c3d4e5f6 before
    before=$(psql -qXAt "$U" -c 'SELECT count(*) FROM clientele.customer')
    create -H "MS-RequestId: $id"
    [ "$code" = 503 ]
    let_go
    for BASE in $B $A $B; do
        create -H "MS-RequestId: $id"
        [ "$code" = 201 ]
        jq -r .id body.json >>ids
    done
    [ "$(sort -u ids | wc -l)" = 1 ]
    [ "$(psql -qXAt "$U" -c 'SELECT count(*) FROM clientele.customer')" = $((before + 1)) ]
}

@test "a server that is told to stop while requests wait answers them, and ends" {
    fresh copy_database "$FULL"
    serve A --store "$U" --store-connections 2 --store-timeout 2
    BASE=$A
    application_token
    await_lock 'BEGIN; LOCK TABLE clientele.store IN ACCESS EXCLUSIVE MODE'
    local requests=() i
    for i in $(seq 8); do
        curl -s -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $(member access_token)" \
            "$A/v1/customers" >>codes &
        requests+=($!)
    done
    for _ in $(seq 100); do
        [ "$(curl -s "$A/metrics" | sed -n 's/^clientele_http_waiting_requests //p')" = 6 ] && break
        sleep 0.05
    done
    kill "${SERVERS[0]}"
    wait "${SERVERS[0]}"
    SERVERS=()
    wait "${requests[@]}"
    [ "$(grep -cx 503 codes)" = 8 ]
}

@test "what one server lets through counts at the other, a little later" {
    two_servers
    "$CLIENTELED" partner set fabrikam.example --throttle 30 --store "$U" >/dev/null
    BASE=$A
    application_token
    curl -s -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $(member access_token)" \
        "$A/v1/customers?size=[1-100]" >at_a
    grep -qx 200 at_a
    grep -qx 429 at_a
    # Alone, B would let 30 through.
    BASE=$B
    for _ in $(seq 20); do
        call '/v1/customers?size=1'
        [ "$code" = 429 ] && break
        sleep 0.3
    done
    [ "$code" = 429 ]
}

@test "a name that has failed too often at one server waits at the other as well" {
    two_servers
    local url
    BASE=$A
    url=$(authorize_url)
    open_page "$url"
    for _ in $(seq 10); do
        submit "$url" username=helpdesk@fabrikam.example password=wrong
        [ "$code" = 400 ]
    done
    # Eight failures of its own would not lock it.
    BASE=$B
    rm jar
    url=$(authorize_url)
    open_page "$url"
    for _ in $(seq 8); do
        submit "$url" username=helpdesk@fabrikam.example password=wrong
        [ "$code" = 429 ] && break
        sleep 0.5
    done
    [ "$code" = 429 ]
    grep -q 'Too many attempts failed.' page.html
}

@test "a code of a second factor counts once, whichever server it is shown to" {
    two_servers
    "$CLIENTELED" user reset admin@fabrikam.example --totp --store "$U" >enrolled
    local secret url answers=
    secret=$(sed -n 's/.*secret=\([A-Z2-7]*\).*/\1/p' enrolled | head -1)
    [ -n "$secret" ]
    otp=$(oathtool --totp -b "$secret")
    for BASE in $A $B; do
        rm -f jar
        url=$(authorize_url)
        open_page "$url"
        submit "$url" username=admin@fabrikam.example "password=$PASSWORD"
        ticket=$(hidden ticket)
        [ -n "$ticket" ]
        submit "$url" username=admin@fabrikam.example "ticket=$ticket" "otp=$otp"
        answers="$answers$code "
    done
    [ "$answers" = "303 400 " ]
}

@test "of several rotations at once one makes a key" {
    fresh copy_database "$FULL"
    local runs=() i made=0
    for i in 1 2 3 4; do "$CLIENTELED" keys rotate --store "$U" >/dev/null 2>"told.$i" & runs+=($!); done
    for i in "${runs[@]}"; do wait "$i" && made=$((made + 1)); done
    [ "$made" = 1 ]
    [ "$("$CLIENTELED" keys list --json --store "$U" | wc -l)" = 2 ]
    grep -q 'waits already' told.*
}

# ---- copying ----

@test "a store goes into a database and back, nothing is lost, and who is signed in stays so" {
    "$CLIENTELED" init --demo --data data >/dev/null
    serve A --data data
    BASE=$A
    sign_in admin@fabrikam.example
    redeem
    [ "$code" = 200 ]
    refresh=$(member refresh_token)
    create
    [ "$code" = 201 ]
    kill "${SERVERS[0]}"
    wait "${SERVERS[0]}"
    SERVERS=()
    fresh new_database
    "$CLIENTELED" copy --from data --to "$U" >copied
    grep -Eq '^customers +28114 ' copied
    grep -Eq '^sessions +1 ' copied
    "$CLIENTELED" check --store "$U" | grep -q ' 0 findings'
    "$CLIENTELED" copy --from "$U" --to back >copied_back
    diff <(grep -v 'new store' copied) <(grep -v 'new store' copied_back)
    "$CLIENTELED" check --data back | grep -q ' 0 findings'
    "$CLIENTELED" export --keys --data data there
    "$CLIENTELED" export --keys --data back here
    cmp there here
    serve B --store "$U"
    BASE=$B
    call '/v1/customers?size=1'
    [ "$code" = 200 ]
    token grant_type=refresh_token "refresh_token=$refresh"
    [ "$code" = 200 ]
}

@test "a copy is refused where a store is, from one that is none, and onto itself" {
    "$CLIENTELED" init --data data
    run -1 --separate-stderr "$CLIENTELED" copy --from data --to "$FULL"
    [[ $stderr == *"holds a store already"* ]]
    run -2 --separate-stderr "$CLIENTELED" copy --from data --to data
    [[ $stderr == *"the same store"* ]]
    run -1 --separate-stderr "$CLIENTELED" copy --from "$FULL" --to "$FULL&application_name=x"
    [ -n "$stderr" ]
    fresh new_database
    run -1 --separate-stderr "$CLIENTELED" copy --from "$U" --to other
    [[ $stderr == *"no store in"* ]]
    [ ! -e other/data.mdb ]
    run -2 --separate-stderr "$CLIENTELED" copy --from data --to "$U" --data data
    [[ $stderr == *"leave --data"* ]]
    "$CLIENTELED" check --store "$FULL" | grep -q ' 0 findings'
}

@test "a copy that was interrupted leaves nothing that counts, and can be started again" {
    fresh new_database
    "$CLIENTELED" copy --from "$FULL" --to "$U" >first 2>told &
    local copying=$!
    for _ in $(seq 200); do
        [ -n "$(psql -qXAt "$U" -c 'SELECT 1 FROM clientele.customer LIMIT 1')" ] && break
        sleep 0.02
    done
    kill -9 "$copying"
    wait "$copying" || :
    run -1 --separate-stderr "$CLIENTELED" check --store "$U"
    [[ $stderr == *"being set up"* ]]
    for _ in $(seq 100); do
        "$CLIENTELED" copy --from "$FULL" --to "$U" >second 2>told && break
        grep -q 'another process' told # its connection has not ended yet
        sleep 0.1
    done
    "$CLIENTELED" check --store "$U" | grep -q '28113 customers.* 0 findings'
    "$CLIENTELED" copy --from "$U" --to folder >third 2>told &
    copying=$!
    kill "$copying"
    wait "$copying" || :
    "$CLIENTELED" check --data folder || "$CLIENTELED" copy --from "$U" --to folder
    "$CLIENTELED" check --data folder | grep -q '28113 customers.* 0 findings'
}

# ---- README ----

@test "README's commands for more than one machine work as they stand" {
    fresh bare_database
    local port first second
    ports=$(python3 -c 'import socket; s = [socket.socket() for _ in range(2)]; [x.bind(("127.0.0.1", 0)) for x in s]
print(*[x.getsockname()[1] for x in s])')
    read -r first second <<<"$ports"
    mkdir bin
    ln -s "$CLIENTELED" bin/clienteled
    "$CLIENTELED" init --demo --data data >/dev/null
    sed -n '/^## More than one machine$/,/^## /{/^```bash$/,/^```$/p}' "$BATS_TEST_DIRNAME/../../README.md" |
        sed -e '/^```/d' -e "s|postgresql://localhost/clientele|$U|g; s/8485/$first/g; s/8486/$second/g" >session
    grep -q serve session
    cat >>session <<'END'
for job in $(jobs -p); do echo "$job"; done >jobs
wait
END
    bash -eu session >told 2>log &
    SERVERS=($!)
    for port in $first $second; do
        for _ in $(seq 300); do curl -sf "http://127.0.0.1:$port/readyz" >/dev/null && break; sleep 0.1; done
    done
    BASE=http://127.0.0.1:$first
    application_token
    BASE=http://127.0.0.1:$second
    call '/v1/customers?size=40'
    [ "$code" = 200 ]
    [ "$(jq .totalCount body.json)" = 40 ]
    kill $(cat jobs)
    wait "${SERVERS[0]}"
    SERVERS=()
}
