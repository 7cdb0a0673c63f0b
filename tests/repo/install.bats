#!/usr/bin/env bats
# What `meson install` leaves behind is enough for a program outside the tree, with the shared library and with the static.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    script/bootstrap build
    script/build
    meson install -C build/release --no-rebuild --quiet --destdir "$BATS_FILE_TMPDIR/root"
}

setup() {
    root="$BATS_FILE_TMPDIR/root"
    folder="$(dirname "$(find "$root" -name clientele.pc)")"
    export PKG_CONFIG_PATH="$folder" PKG_CONFIG_SYSROOT_DIR="$root"
    libraries="$(dirname "$folder")"
    cd "$BATS_TEST_TMPDIR"
    cp "$BATS_TEST_DIRNAME/../../examples/customer_paging.c" .
}

# Whether the program runs: without arguments it says how it is called.
says_usage() {
    run "$@"
    [ "$status" -eq 2 ]
    [[ "$output" == usage:* ]]
}

@test "pkg-config knows the version and needs no other library of the caller" {
    [ "$(pkg-config --modversion clientele)" = 0.1.0 ]
    [ "$(pkg-config --libs-only-l clientele | xargs)" = -lclientele ]
}

@test "a program is built with the shared library" {
    # The sysroot is a part of the system's paths here, not of the libraries that are there already.
    cc -std=c99 -Wall -Werror customer_paging.c $(pkg-config --cflags --libs clientele) -o program
    says_usage env LD_LIBRARY_PATH="$libraries" ./program
    readelf -d program | grep -q 'NEEDED.*\[libclientele\.so\.0\]'
}

# The library itself is linked into the program, and what it uses comes from the system as it is everywhere else:
# libcurl's own list for static linking names what Debian's packages do not bring along.
@test "a program is built with the static library" {
    uses="$(pkg-config --print-requires-private clientele)"
    cc -std=c99 -Wall -Werror customer_paging.c $(pkg-config --cflags clientele) -L"$libraries" -l:libclientele.a \
        $(PKG_CONFIG_SYSROOT_DIR='' pkg-config --libs $uses) -pthread -lstdc++ -o program
    says_usage ./program
    ! readelf -d program | grep -q libclientele || false
}

@test "the headers, the programs and the manual are there" {
    for name in audit call clientele customers error lifecycle partner relationships types validation; do
        [ -f "$(find "$root" -path "*/include/clientele/$name.h")" ]
    done
    [ -x "$(find "$root" -path '*/bin/clienteled')" ]
    [ -f "$(find "$root" -name clt_customers_query.3)" ]
    [ -L "$libraries/libclientele.so" ]
    [ -L "$libraries/libclientele.so.0" ]
}
