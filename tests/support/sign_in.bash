# For bats files: a demo server, the sign-in page as a user without a browser sees it, and the token endpoint.

TENANT=5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40
OTHER=c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4
APP=04b07795-8ddb-461a-bbee-02f9e1bf7b46
SECRET_APP=0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60
PASSWORD=demo-password-not-for-production
BACK=http://localhost:8400/
VERIFIER=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
CHALLENGE=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
SCOPE='openid profile offline_access https://api.partnercenter.microsoft.com/user_impersonation'

setup_file() {
    local variable
    for variable in $(compgen -e CLIENTELE_); do unset "$variable"; done
    export CLIENTELE_STORE_MAP_SIZE=16G
    "$CLIENTELED" init --demo --data "$BATS_FILE_TMPDIR/store" >/dev/null
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    cp -r --sparse=always "$BATS_FILE_TMPDIR/store" data
}

teardown() {
    keeps_secrets
    stop_server
}

# Whatever a test did: none of its secrets may stand in the log, at its most talkative.
keeps_secrets() {
    local value
    [ -e log ] || return 0
    for value in "$PASSWORD" "$VERIFIER" demo-secret-not-for-production "${grant:-}" "${refresh:-}" "${secret:-}" \
        "${otp:-}" "${ticket:-}" "${form:-}" $(jq -r '.access_token, .id_token, .refresh_token' token.json 2>/dev/null) \
        $(jq -r '.device_code, .user_code' device.json 2>/dev/null); do
        if [ "${#value}" -gt 5 ] && grep -qF -e "$value" log; then
            echo "a secret is in the log: $value" >&2
            return 1
        fi
    done
}

serve() { # FLAGS...
    "$CLIENTELED" serve --data data --listen 127.0.0.1:0 --ready-fd 3 --log-level debug "$@" 3>ready 2>>log &
    SERVER=$!
    for _ in $(seq 500); do [ -s ready ] && break; sleep 0.02; done
    BASE="http://$(cat ready)"
}

query() { # NAME=VALUE...: as a query, encoded
    jq -jn '[$ARGS.positional[] | index("=") as $at | .[:$at + 1] + (.[$at + 1:] | @uri)] | join("&")' --args -- "$@"
}

authorize_url() { # MORE...: the address of the sign-in page; later values stand instead of ours
    local -A values=([client_id]=$APP [response_type]=code [redirect_uri]=$BACK [scope]=$SCOPE [state]='s &1'
        [nonce]=n1 [code_challenge]=$CHALLENGE [code_challenge_method]=S256)
    local pair pairs=() name
    for pair in "$@"; do values[${pair%%=*}]=${pair#*=}; done
    for name in "${!values[@]}"; do [ -z "${values[$name]}" ] || pairs+=("$name=${values[$name]}"); done
    printf '%s' "$BASE/${PATH_TENANT:-$TENANT}/oauth2/v2.0/authorize?$(query "${pairs[@]}")"
}

open_page() { # URL: status in code, page in page.html
    code=$(curl -s -b jar -c jar -D head -o page.html -w '%{http_code}' "$1")
}

hidden() { # NAME
    sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" page.html
}

submit() { # URL FIELDS...
    local url=$1 field flags=()
    shift
    for field in "form=$(hidden form)" "$@"; do flags+=(--data-urlencode "$field"); done
    code=$(curl -s -b jar -c jar -D head -o page.html -w '%{http_code}' "$url" "${flags[@]}")
    location=$(sed -n 's/^Location: *\(.*\)\r$/\1/p' head)
}

sign_in() { # USER MORE...: sets grant to the code
    local user=$1 url
    shift
    url=$(authorize_url "$@")
    open_page "$url"
    submit "$url" "username=$user" "password=$PASSWORD"
    grant=$(sed -n 's/.*[?&#]code=\([^&]*\).*/\1/p' <<<"$location")
}

token() { # FIELDS...: answer in token.json, status in code
    local field flags=()
    [[ " $*" == *" client_id="* ]] || flags=(-d "client_id=$APP")
    for field in "$@"; do flags+=(--data-urlencode "$field"); done
    code=$(curl -s -o token.json -w '%{http_code}' "$BASE/${PATH_TENANT:-$TENANT}/oauth2/v2.0/token" "${flags[@]}")
}

redeem() { # MORE...
    token grant_type=authorization_code "code=$grant" "redirect_uri=$BACK" "code_verifier=$VERIFIER" "$@"
}

member() { jq -r ".$1 // empty" token.json; }

claims() { # TOKEN
    local part
    part=$(cut -d. -f2 <<<"$1" | tr '_-' '/+')
    while [ $((${#part} % 4)) -ne 0 ]; do part="$part="; done
    base64 -d <<<"$part"
}

call() { # PATH FLAGS...: status in code, body in body.json
    local path=$1
    shift
    code=$(curl -s -o body.json -w '%{http_code}' "$BASE$path" -H "Authorization: Bearer $(member access_token)" "$@")
}
