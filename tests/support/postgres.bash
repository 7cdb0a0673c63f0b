# For bats files: databases of their own, in the cluster of tests/support/postgres.py; see database.h.

postgres_run() { # STATEMENT: in the database where others are made
    psql -qXAt -v ON_ERROR_STOP=1 "$TEST_POSTGRES" -c "$1"
}

make_database() { # TEMPLATE: the address of a copy, under a name that nobody else has
    local name
    name="test_$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')"
    postgres_run "CREATE DATABASE $name TEMPLATE $1" || return
    echo "${TEST_POSTGRES%/*}/$name"
}

bare_database() { make_database template0; }

# With the schema and nothing in it. Whoever needs it first makes its template; two may do so at once.
new_database() {
    local url
    if [ -z "$(postgres_run "SELECT 1 FROM pg_database WHERE datname = 'with_schema'")" ]; then
        url=$(bare_database)
        "$CLIENTELED" migrate --store "$url" >/dev/null || return
        postgres_run "ALTER DATABASE ${url##*/} RENAME TO with_schema" 2>/dev/null || drop_database "$url"
    fi
    make_database with_schema
}

copy_database() { make_database "${1##*/}"; } # ADDRESS: which nobody may have open

drop_database() { postgres_run "DROP DATABASE ${1##*/} WITH (FORCE)"; }
