-- What stands where. Records and list items are the binary forms of store/record.c, the same as in the embedded store;
-- `key` of a list is list.c's: kind (1 byte) | [related partner (16)] | cut fold | 00 | customer id (16).
-- Every table but the first two begins its unique keys with the column that it would be distributed by (docs/scaling.md).

-- One row: what belongs to the store as a whole.
CREATE TABLE clientele.store (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    store_id uuid NOT NULL,
    token_key bytea NOT NULL,
    generation bigint NOT NULL DEFAULT 1,   -- changes with partners, applications, links, users and signing keys
    is_whole boolean NOT NULL DEFAULT false -- false while it is being filled: nobody opens it
);

CREATE TABLE clientele.signing_key (
    id bytea PRIMARY KEY,
    record bytea NOT NULL
);

CREATE TABLE clientele.partner (
    partner uuid PRIMARY KEY,
    domain bytea NOT NULL, -- fold
    is_strict boolean NOT NULL,
    record bytea NOT NULL
);

-- Unique over all partners: a table keyed by the domain itself.
CREATE TABLE clientele.partner_domain (
    domain bytea PRIMARY KEY, -- fold
    partner uuid NOT NULL
);

CREATE TABLE clientele.application (
    partner uuid NOT NULL,
    id uuid NOT NULL,
    record bytea NOT NULL,
    PRIMARY KEY (partner, id)
);
CREATE INDEX application_by_id ON clientele.application (id, partner);

CREATE TABLE clientele.user_account (
    partner uuid NOT NULL,
    name bytea NOT NULL,
    id uuid NOT NULL,
    is_admin boolean NOT NULL, -- enabled, with the role AdminAgents
    record bytea NOT NULL,
    PRIMARY KEY (partner, name)
);
CREATE INDEX user_account_by_id ON clientele.user_account (partner, id);

CREATE TABLE clientele.user_grant (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    expires bigint NOT NULL,
    record bytea NOT NULL
);
CREATE INDEX user_grant_by_expiry ON clientele.user_grant (expires);

-- Each link twice: role 1 is the provider's row, role 2 the reseller's.
CREATE TABLE clientele.link (
    partner uuid NOT NULL,
    role smallint NOT NULL,
    other uuid NOT NULL,
    PRIMARY KEY (partner, role, other)
);

CREATE TABLE clientele.customer (
    partner uuid NOT NULL, -- the owner
    id uuid NOT NULL,
    record bytea NOT NULL,
    PRIMARY KEY (partner, id)
);

-- Unique over all partners.
CREATE TABLE clientele.domain (
    domain bytea PRIMARY KEY, -- fold
    partner uuid NOT NULL,
    id uuid NOT NULL
);

-- Every list of every partner that sees a customer: its owner and its indirect reseller.
CREATE TABLE clientele.list_item (
    partner uuid NOT NULL, -- whose list it is
    key bytea NOT NULL,
    item bytea NOT NULL,
    PRIMARY KEY (partner, key) INCLUDE (item)
);

-- Customers of others that an indirect reseller may read.
CREATE TABLE clientele.shared (
    partner uuid NOT NULL, -- the reseller
    id uuid NOT NULL,
    owner uuid NOT NULL,
    PRIMARY KEY (partner, id)
);

-- Revision and size of a partner's list are sums over its slots: who writes takes a slot of its own, so that
-- processes that write for the same partner need not wait for each other.
CREATE TABLE clientele.list_state (
    partner uuid NOT NULL,
    slot smallint NOT NULL,
    revision bigint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (partner, slot)
) WITH (fillfactor = 50);

CREATE TABLE clientele.audit (
    partner uuid NOT NULL,
    date bigint NOT NULL, -- ticks
    record bytea NOT NULL,
    PRIMARY KEY (partner, date)
);
CREATE INDEX audit_by_date ON clientele.audit (date);

CREATE TABLE clientele.idempotency (
    partner uuid NOT NULL,
    key uuid NOT NULL,
    created bigint NOT NULL, -- seconds since 1970
    record bytea NOT NULL,
    PRIMARY KEY (partner, key)
);
CREATE INDEX idempotency_by_created ON clientele.idempotency (created);

-- One row a committed group of changes, for whoever lost the connection before the answer came.
CREATE TABLE clientele.commit_mark (
    id uuid PRIMARY KEY,
    created bigint NOT NULL
);
CREATE INDEX commit_mark_by_created ON clientele.commit_mark (created);
