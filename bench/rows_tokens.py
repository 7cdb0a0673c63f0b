"""Rows of script/bench: tokens, taken and issued."""
import json
import random

import contenders
from measure import SEED, Ground, duel, new_id, write_requests


def row_rotation(ground: Ground):
    """page of 40 with many different tokens in rotation, against one token"""
    with ground.clientele():
        tokens = list({ground.token("northwind") for _ in range(ground.scale.rotated_tokens)})
        if len(tokens) < ground.scale.rotated_tokens:
            raise RuntimeError(f"only {len(tokens)} of {ground.scale.rotated_tokens} tokens differ")
        request_id = new_id(random.Random(SEED))
        many = write_requests(ground, "rotation.requests",
                              [contenders.list_request(token, request_id) for token in tokens])
        one = write_requests(ground, "token.requests", [contenders.list_request(tokens[0], request_id)])
        yield duel(ground, f"page of 40, {len(tokens):,} tokens in rotation; one token",
                   (ground.port, many), (ground.port, one), 0.8)


def row_issue(ground: Ground):
    """tokens issued (client credentials, RS256), against oidc-provider"""
    path = f"/{contenders.PARTNERS['northwind'][0]}/oauth2/token"
    ours = contenders.token_request(path, "northwind")
    theirs = contenders.token_request("/token", "northwind")
    with ground.clientele(), contenders.provider(ground.folder / "provider", "northwind") as port:
        for at, request in ((ground.port, ours), (port, theirs)):
            if json.loads(contenders.fetch(at, request))["access_token"].count(".") != 2:
                raise RuntimeError("this is no JWT")
        yield duel(ground, "tokens issued, RS256; oidc-provider",
                   (ground.port, write_requests(ground, "ours.requests", [ours])),
                   (port, write_requests(ground, "theirs.requests", [theirs])), 1.2)
