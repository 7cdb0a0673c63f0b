-- What servers tell each other, some seconds long: how often they let whom through. It may be lost.
CREATE UNLOGGED TABLE clientele.told (
    server uuid NOT NULL,
    tick bigint NOT NULL,
    told timestamptz NOT NULL DEFAULT clock_timestamp(),
    bytes bytea NOT NULL,
    PRIMARY KEY (server, tick)
);
