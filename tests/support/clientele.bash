# For bats files: `clientele` against a clienteled, or against a service that is scripted (SERVER either way).

# Called in setup_file: a store with a partner, an application whose secret lies in ./secret, and customers.
make_store() { # COUNT
    local root variable
    root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
    for variable in $(compgen -e CLIENTELE_) $(compgen -e XDG_) NO_COLOR; do unset "$variable"; done
    export CLIENTELED="${CLIENTELED:-$root/bin/clienteled}" CLIENTELE="${CLIENTELE:-$root/bin/clientele}"
    export SUPPORT="$root/tests/support" TERM=xterm-256color
    export TENANT=11111111-2222-4333-8444-555555555555 APP=66666666-7777-4888-9999-aaaaaaaaaaaa
    cd "$BATS_FILE_TMPDIR"
    "$CLIENTELED" init --data store --store-map-size 16G >/dev/null
    "$CLIENTELED" partner add contoso.example --id "$TENANT" --data store --store-map-size 16G >/dev/null
    "$CLIENTELED" app add --partner contoso.example --id "$APP" --data store --store-map-size 16G |
        sed -n 's/^secret *//p' >secret
    [ "$1" -eq 0 ] || "$CLIENTELED" generate --partner contoso.example --count "$1" --seed 1 --data store \
        --store-map-size 16G >/dev/null
}

# Each test has a home of its own.
use_own_home() {
    cd "$BATS_TEST_TMPDIR"
    export HOME="$BATS_TEST_TMPDIR/home" XDG_CONFIG_HOME="$BATS_TEST_TMPDIR/config"
    CREDENTIALS="$XDG_CONFIG_HOME/clientele/credentials"
    mkdir "$HOME"
    cp "$BATS_FILE_TMPDIR/secret" secret
}

wait_for() { # FILE
    for _ in $(seq 200); do
        [ -s "$1" ] && return
        sleep 0.05
    done
    return 1
}

serve() { # [FLAG...]: sets BASE
    rm -f ready
    "$CLIENTELED" serve --data "${STORE:-$BATS_FILE_TMPDIR/store}" --store-map-size 16G --listen 127.0.0.1:0 \
        --ready-fd 3 "$@" 3>ready 2>log &
    SERVER=$!
    wait_for ready
    BASE="http://$(cat ready)"
}

script_service() { # [FLAG...]: the scripted one; sets BASE
    rm -f ready
    python3 "$SUPPORT/scripted_service.py" ready requests "$@" 3>&- &
    SERVER=$!
    wait_for ready
    BASE="http://$(cat ready)"
}

sign_in() { # [FLAG...]
    "$CLIENTELE" login --base-url "$BASE" --tenant contoso.example --client-id "$APP" --secret-file secret "$@"
}

# The scripted one knows one secret.
sign_in_scripted() { # [FLAG...]
    printf right >secret
    sign_in "$@"
}

clientele() {
    run --separate-stderr "$CLIENTELE" "$@"
}

on_terminal() { # [FLAG OF terminal.py...] -- ARGUMENT...
    local flags=()
    while [ "$1" != -- ]; do
        flags+=("$1")
        shift
    done
    shift
    run python3 "$SUPPORT/terminal.py" "${flags[@]}" "$CLIENTELE" "$@"
}

works() {
    if [ "$status" -ne 0 ] || [ -n "$stderr" ]; then
        printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr" >&2
        return 1
    fi
}

fails() { # STATUS WORDS...: standard error is ours and has all of them
    local code="$1" words
    shift
    for words in "$@"; do
        if [ "$status" -ne "$code" ] || [[ "$stderr" != "clientele: "*"$words"* ]]; then
            printf 'status %s, not %s with %s\n%s\n%s\n' "$status" "$code" "$words" "$output" "$stderr" >&2
            return 1
        fi
    done
}
