#!/usr/bin/env bats
# TLS in the server, and the certificates of dev-certs. The program under test: $CLIENTELED.
bats_require_minimum_version 1.5.0
load ../support/server

HOSTS='api.partnercenter.microsoft.com login.microsoftonline.com login.windows.net graph.windows.net'

setup_file() {
    local root variable
    root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELED="${CLIENTELED:-$root/bin/clienteled}"
    export CLIENTELE_STORE_MAP_SIZE=16G
    cd "$BATS_FILE_TMPDIR"
    "$CLIENTELED" init --data store >/dev/null
    "$CLIENTELED" dev-certs --folder certs >/dev/null
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" "$BATS_FILE_TMPDIR/certs" .
}

teardown() {
    stop_server
}

serve() { # FLAGS
    "$CLIENTELED" serve --data store --listen 127.0.0.1:0 --ready-fd 3 "$@" 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    PORT=$(sed 's/.*://' ready)
}

serve_tls() {
    serve --tls-cert certs/server.pem --tls-key certs/server.key "$@"
}

refuses() { # WORDS: `serve` with the TLS flags behind them ends with 1 and says WORDS in one line
    local words="$1"
    shift
    run --separate-stderr "$CLIENTELED" serve --data store --listen 127.0.0.1:0 --log-level off "$@"
    if [ "$status" -ne 1 ] || [ -n "$output" ] || [ "${#stderr_lines[@]}" -ne 1 ] ||
        [[ "$stderr" != "clienteled: "*"$words"* ]]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

get() { # HOST PATH ARGUMENTS: over TLS, verified
    local host="$1" path="$2"
    shift 2
    curl -sS --fail --cacert certs/ca.pem --resolve "$host:$PORT:127.0.0.1" "$@" "https://$host:$PORT$path"
}

serial_sent() { # NAME: serial number of the certificate that a client asking for NAME gets
    openssl s_client -connect "127.0.0.1:$PORT" -servername "$1" </dev/null 2>/dev/null | openssl x509 -noout -serial
}

# ---- dev-certs -------------------------------------------------------------------------------------------

@test "dev-certs makes an authority and a certificate that verify, with keys for their owner alone" {
    openssl verify -x509_strict -CAfile certs/ca.pem certs/server.pem
    for name in localhost $HOSTS; do
        openssl verify -CAfile certs/ca.pem -verify_hostname "$name" certs/server.pem
    done
    for address in 127.0.0.1 ::1; do
        openssl verify -CAfile certs/ca.pem -verify_ip "$address" certs/server.pem
    done
    run ! openssl verify -CAfile certs/ca.pem -verify_hostname example.com certs/server.pem
    [ "$(stat -c %a certs/ca.key certs/server.key | sort -u)" = 600 ]
}

@test "dev-certs again keeps the authority and renews the certificate, for more names if told" {
    cp -r certs before
    run --separate-stderr "$CLIENTELED" dev-certs --folder certs more.example '*.wild.example' 192.0.2.7
    [ "$status" -eq 0 ] && [ -z "$stderr" ]
    grep -q '127.0.0.1 api.partnercenter.microsoft.com .* more.example$' <<<"$output"
    cmp certs/ca.pem before/ca.pem
    cmp certs/ca.key before/ca.key
    run ! cmp -s certs/server.pem before/server.pem
    openssl verify -x509_strict -CAfile certs/ca.pem -verify_hostname more.example certs/server.pem
    openssl verify -CAfile certs/ca.pem -verify_hostname any.wild.example certs/server.pem
    openssl verify -CAfile certs/ca.pem -verify_ip 192.0.2.7 certs/server.pem
    [ -z "$(find certs -name '.*' -type f)" ]
}

@test "dev-certs says how to trust it and what goes into /etc/hosts" {
    run --separate-stderr "$CLIENTELED" dev-certs --folder certs
    [ "$status" -eq 0 ] && [ -z "$stderr" ]
    for words in update-ca-certificates NODE_EXTRA_CA_CERTS=certs/ca.pem 'curl --cacert certs/ca.pem' \
        "127.0.0.1 $HOSTS"; do
        grep -qF "$words" <<<"$output"
    done
}

@test "dev-certs touches nothing when it cannot do all" {
    for name in 'under_score.example' '-x.example' 'a..example' 'x.example,DNS:evil.example' ''; do
        run --separate-stderr "$CLIENTELED" dev-certs --folder new -- "$name"
        [ "$status" -eq 1 ]
        [[ "$stderr" == "clienteled: '$name' is no DNS name and no IP address." ]]
        [ ! -e new ]
    done
    rm certs/ca.key
    run --separate-stderr "$CLIENTELED" dev-certs --folder certs
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"certs/ca.pem is there, but certs/ca.key is not."* ]]
    cp certs/server.key certs/ca.key
    run --separate-stderr "$CLIENTELED" dev-certs --folder certs
    [ "$status" -eq 1 ]
    [[ "$stderr" == *"The authority's key is not that of its certificate."* ]]
    openssl verify -CAfile certs/ca.pem certs/server.pem
}

# ---- serving ---------------------------------------------------------------------------------------------

@test "requests are answered over TLS, for every name of the certificate" {
    serve_tls
    for host in localhost $HOSTS; do
        [ "$(get "$host" /healthz)" = '{"status":"ok"}' ]
    done
    # The authority's hosts get endpoints on themselves, any other those of the server's address.
    for host in localhost login.microsoftonline.com graph.windows.net; do
        want=$host
        [ "$host" != graph.windows.net ] || want=127.0.0.1
        [ "$(get "$host" /common/v2.0/.well-known/openid-configuration | jq -r .token_endpoint)" = \
            "https://$want:$PORT/common/oauth2/v2.0/token" ]
    done
    # So has a device the page that its user is to open, and the page a cookie that nobody else can set.
    stop_server
    "$CLIENTELED" partner add pages.example --data store >/dev/null
    "$CLIENTELED" app add --partner pages.example --public --redirect-uri https://a.example/ --data store >app
    serve_tls
    for host in login.microsoftonline.com graph.windows.net; do
        want=$host
        [ "$host" != graph.windows.net ] || want=127.0.0.1
        get "$host" /pages.example/oauth2/v2.0/devicecode -d "client_id=$(sed -n 's/^application *//p' app)" \
            --data-urlencode 'scope=https://api.partnercenter.microsoft.com/user_impersonation' >device.json
        [ "$(jq -r .verification_uri device.json)" = "https://$want:$PORT/devicelogin" ]
    done
    get localhost "/devicelogin?user_code=$(jq -r .user_code device.json)" -D head >page.html
    grep -q $'^Set-Cookie: __Host-clientele-sign-in=[^;]*; Path=/; HttpOnly; SameSite=Lax; Secure\r$' head
    run get localhost '/healthz?[1-3]' -w ' %{num_connects}'
    [ "$output" = '{"status":"ok"} 1{"status":"ok"} 0{"status":"ok"} 0' ]
}

@test "a token and a page of the list come over TLS" {
    stop_server
    "$CLIENTELED" partner add contoso.example --sandbox --data store >/dev/null
    "$CLIENTELED" app add --partner contoso.example --data store >app
    "$CLIENTELED" generate --partner contoso.example --count 600 --seed 1 --data store >/dev/null 2>&1
    serve_tls
    token=$(get login.microsoftonline.com /contoso.example/oauth2/v2.0/token -d grant_type=client_credentials \
        -d "client_id=$(sed -n 's/^application *//p' app)" --data-urlencode "client_secret=$(sed -n 's/^secret *//p' app)" \
        -d scope=https://api.partnercenter.microsoft.com/.default | jq -r .access_token)
    [ "$(get api.partnercenter.microsoft.com '/v1/customers?size=500' -H "Authorization: Bearer $token" |
        jq '.items | length')" = 500 ]
}

@test "TLS 1.2 and 1.3 are spoken, nothing older, and no plain HTTP" {
    serve_tls
    for version in 1.2 1.3; do
        get localhost /healthz --tlsv$version --tls-max $version
    done
    for version in -tls1 -tls1_1; do
        run ! openssl s_client -connect "127.0.0.1:$PORT" $version -cipher 'ALL:@SECLEVEL=0' </dev/null
    done
    run ! openssl s_client -connect "127.0.0.1:$PORT" -tls1_2 -cipher 'kRSA' </dev/null
    run ! curl -s --fail --max-time 20 "http://127.0.0.1:$PORT/healthz"
    get localhost /healthz
}

@test "a name has its own certificate, any other the first" {
    "$CLIENTELED" dev-certs --folder other >/dev/null
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout second.key -out second.pem \
        -subj /CN=second -addext 'subjectAltName=DNS:second.example,DNS:*.second.example' 2>/dev/null
    serve --tls-cert 'certs/server.pem, second.pem' --tls-key 'certs/server.key,second.key'
    first=$(openssl x509 -in certs/server.pem -noout -serial)
    second=$(openssl x509 -in second.pem -noout -serial)
    for name in localhost login.windows.net unknown.example; do [ "$(serial_sent $name)" = "$first" ]; done
    for name in second.example www.second.example SECOND.example; do [ "$(serial_sent $name)" = "$second" ]; done
}

@test "SIGHUP exchanges the certificate without a dropped request" {
    serve_tls
    before=$(serial_sent localhost)
    # One client on one connection, one that connects anew for each request.
    get localhost '/healthz?[1-3000]' >one 2>one.errors &
    one=$!
    get localhost '/healthz?[1-300]' -H 'Connection: close' >many 2>many.errors &
    many=$!
    for _ in 1 2 3 4 5; do
        "$CLIENTELED" dev-certs --folder certs >/dev/null
        kill -HUP "$SERVER"
        sleep 0.2
    done
    wait "$one" && wait "$many"
    [ "$(grep -o ok one | wc -l)" -eq 3000 ]
    [ "$(grep -o ok many | wc -l)" -eq 300 ]
    [ "$(serial_sent localhost)" = "$(openssl x509 -in certs/server.pem -noout -serial)" ]
    [ "$(serial_sent localhost)" != "$before" ]
}

@test "SIGHUP with files that are no good changes nothing, and says so" {
    serve_tls
    before=$(serial_sent localhost)
    echo nonsense >certs/server.pem
    kill -HUP "$SERVER"
    for _ in $(seq 100); do
        grep -q 'the old ones stay' log && break
        sleep 0.1
    done
    grep -q 'level=error.*certs/server.pem: it holds no certificates in PEM form' log
    [ "$(serial_sent localhost)" = "$before" ]
    get localhost /healthz
}

@test "without TLS, SIGHUP ends the server as it ends any program" {
    serve
    kill -HUP "$SERVER"
    run wait "$SERVER"
    SERVER=
}

@test "files that cannot serve are refused with the reason" {
    refuses 'none.pem: No such file or directory.' --tls-cert none.pem --tls-key certs/server.key
    refuses 'none.key: No such file or directory.' --tls-cert certs/server.pem --tls-key none.key
    refuses 'certs/server.key: it holds no certificates' --tls-cert certs/server.key --tls-key certs/server.key
    refuses 'certs/server.pem: it holds no private key' --tls-cert certs/server.pem --tls-key certs/server.pem
    refuses 'certs/ca.key: it is not the key of the certificate in certs/server.pem.' \
        --tls-cert certs/server.pem --tls-key certs/ca.key
    refuses 'must name as many files' --tls-cert certs/server.pem
    refuses 'must name as many files' --tls-key certs/server.key
    refuses 'must name as many files' --tls-cert certs/server.pem,certs/ca.pem --tls-key certs/server.key
    openssl ec -in certs/server.key -aes128 -passout pass:x -out locked.key 2>/dev/null
    refuses 'locked.key: it holds no private key in PEM form that is not encrypted.' \
        --tls-cert certs/server.pem --tls-key locked.key
}

@test "a certificate that has expired, or is not valid yet, is refused" {
    mkdir authority
    touch authority/index
    echo 'unique_subject = no' >authority/index.attr
    echo 01 >authority/serial
    printf '%s\n' '[ca]' 'default_ca = d' '[d]' 'database = authority/index' 'serial = authority/serial' \
        'new_certs_dir = authority' 'default_md = sha256' 'policy = p' '[p]' 'commonName = supplied' >authority/conf
    openssl req -new -key certs/server.key -subj /CN=x -out request 2>/dev/null
    issue() { # FILE FROM TO
        openssl ca -batch -config authority/conf -cert certs/ca.pem -keyfile certs/ca.key -in request -out "$1" \
            -startdate "$2" -enddate "$3" -notext 2>/dev/null
    }
    issue old.pem 20200101000000Z 20200201000000Z
    issue new.pem 20900101000000Z 20900201000000Z
    refuses 'old.pem: the certificate has expired' --tls-cert old.pem --tls-key certs/server.key
    refuses 'new.pem: the certificate is not valid yet' --tls-cert new.pem --tls-key certs/server.key
}

@test "strict transport security is never asked of clients on this machine" {
    serve_tls
    run ! grep -i strict-transport <(get localhost /healthz -D -)
}

@test "listening beyond loopback without TLS is warned of" {
    "$CLIENTELED" serve --data store --listen 0.0.0.0:0 --ready-fd 3 3>ready 2>log &
    SERVER=$!
    for _ in $(seq 100); do
        [ -s ready ] && break
        sleep 0.1
    done
    grep -q 'level=warning.*without TLS' log
    stop_server
    serve
    run ! grep 'without TLS' log
}
