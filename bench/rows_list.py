"""Rows of script/bench: reading the list."""
import json
import pathlib
import random

import contenders
from measure import SEED, Ground, Row, duel, new_id, replay, write_requests


def row_hot(ground: Ground):
    """page of 40, hot, against nginx sending the same bytes from a file"""
    for partner, count in ground.counts().items():
        with ground.clientele():
            request = contenders.list_request(ground.token(partner), new_id(random.Random(SEED)))
            requests = write_requests(ground, "hot.requests", [request])
            page = ground.folder / "hot.json"
            page.write_bytes(contenders.fetch(ground.port, request))
            with contenders.nginx(ground.folder / "nginx", page, request) as port:
                yield duel(ground, f"page of 40, hot, {count}; nginx", (ground.port, requests), (port, requests), 1.0)


def row_random(ground: Ground):
    """page of 40, random page, against nginx sending the same bytes from as many files"""
    for partner, count in ground.counts().items():
        with ground.clientele():
            pages = ground.pages(partner)
            pages = random.Random(SEED).sample(pages, min(len(pages), contenders.OPEN_FILES))
            token = ground.token(partner)
            requests = [contenders.list_request(token, page.request_id, page.continuation, "Next") for page in pages]
            file = write_requests(ground, "random.requests", requests)
            answers = ground.folder / f"pages-{partner}"
            with contenders.nginx(ground.folder / "nginx", f"{answers}/$http_ms_requestid", requests[0]) as port:
                for request in random.Random(SEED).sample(requests, 20):
                    if contenders.fetch(ground.port, request) != contenders.fetch(port, request):
                        raise RuntimeError("nginx and clienteled answer different bytes")
                yield duel(ground, f"page of 40, random, {count}; nginx", (ground.port, file), (port, file), 0.8)


def row_mocks(ground: Ground):
    """page of 40 against json-server, Prism and Mockoon with the same page"""
    with ground.clientele():
        request = contenders.list_request(ground.token("northwind"), new_id(random.Random(SEED)))
        requests = write_requests(ground, "mocks.requests", [request])
        page = contenders.fetch(ground.port, request)
        for name in ("json-server", "Prism", "Mockoon"):
            with contenders.mock(name, ground.folder / name, page, request) as port:
                if json.loads(contenders.fetch(port, request)) != json.loads(page):
                    raise RuntimeError(f"{name} answers another page")
                yield duel(ground, f"page of 40; {name}", (ground.port, requests), (port, requests), 20)


def row_last(ground: Ground):
    """last page of 40 against the first"""
    for partner, count in ground.counts().items():
        with ground.clientele():
            token, request_id = ground.token(partner), new_id(random.Random(SEED))
            first = contenders.list_request(token, request_id)
            with contenders.connect(ground.port) as connection:
                continuation = contenders.exchange(connection, first)[0].getheader("MS-ContinuationToken")
                last = contenders.list_request(token, request_id, continuation, "Last")
                page = json.loads(contenders.exchange(connection, last)[1])
            if len(page["items"]) != 40 or "next" in page["links"]:
                raise RuntimeError("this is not the last page")
            yield duel(ground, f"last page of {count}; first page",
                       (ground.port, write_requests(ground, "last.requests", [last])),
                       (ground.port, write_requests(ground, "first.requests", [first])), 0.9)


def row_memory(ground: Ground):
    """anonymous memory after many list requests with many tokens"""
    scale = ground.scale
    with ground.clientele():
        pages = ground.pages("northwind")
    with ground.clientele() as process:
        tokens = list({ground.token("northwind") for _ in range(scale.memory_tokens)})
        if len(tokens) < scale.memory_tokens:
            raise RuntimeError(f"only {len(tokens)} of {scale.memory_tokens} tokens differ")
        count = max(len(pages), len(tokens))
        requests = write_requests(ground, "memory.requests", [
            contenders.list_request(tokens[i % len(tokens)], page.request_id, page.continuation, "Next")
            for i, page in ((i, pages[i % len(pages)]) for i in range(count))])
        done = 0
        while done < scale.memory_requests:
            done += replay(ground.port, requests, scale.seconds, connections=64).requests
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    mebibytes = int(next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:"))) / 1024
    yield Row(f"memory (RssAnon) after {done:,} lists, 64 connections, {len(tokens):,} tokens,"
              f" {scale.customers:,} customers", f"{mebibytes:.1f} MiB", "", "", "at most 16 MiB", mebibytes <= 16)
