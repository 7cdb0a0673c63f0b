#!/usr/bin/env python3
"""A power cut at any moment leaves every answered write and a sound store.

A killed process leaves its writes to the kernel, so that killing proves nothing about syncs. Here a preloaded library
(record_writes.c) records what the server writes and when it syncs while clients write; the store is rebuilt as of
moments in between, checked and read.

Environment: CLIENTELED, RECORD_WRITES (the library), TEST_SEED, TEST_FULL. Prints TAP.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import crowd
import journal
import server
import tap

LIBRARY = os.path.abspath(os.environ["RECORD_WRITES"])
CLIENTS = 8
OPERATIONS = 60 if server.is_full() else 12  # of each client
WEIGHTS = (5, 3, 2, 1)  # create, rename, delete, remove the relationship
SAMPLES = 10**9 if server.is_full() else 3  # of each kind of moment


class Recording:
    """What a crowd was told, and what its server wrote meanwhile."""

    def __init__(self, folder: pathlib.Path, number: int):
        self.folder, self.chance = folder, random.Random(number)
        store = folder / "store"
        server.new_store(store)
        self.partner = server.add_partner(store, "fabrikam.example", "--sandbox")
        self.before = (store / "data.mdb").read_bytes()
        path = folder / "journal"
        path.touch()
        self.crowd = crowd.Crowd(number, WEIGHTS, moment=lambda: path.stat().st_size)
        environment = {"LD_PRELOAD": LIBRARY, "RECORD_WRITES_FILE": str(store / "data.mdb"),
                       "RECORD_WRITES_JOURNAL": str(path),
                       "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        with server.serving(store, environment=environment) as running:
            self.crowd.write(running, self.partner, CLIENTS, OPERATIONS)
        self.after = (store / "data.mdb").read_bytes()
        self.records = journal.read(path)

    def look_at(self, content: bytes) -> tuple[list[str], list[dict]]:
        """Start with this content; what is wrong with it, and the customers in it."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = pathlib.Path(name, "store")
            folder.mkdir()
            (folder / "data.mdb").write_bytes(content)
            try:
                server.run("check", "--data", folder)
                with server.serving(folder) as running, server.signed_in(running, self.partner) as client:
                    return [], server.list_all(client)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                return [str(error)], []

    def judge(self, content: bytes, moment: int) -> list[str]:
        """What is wrong with this content after a cut at this moment."""
        complaints, found = self.look_at(content)
        complaints = complaints or crowd.compare(found, crowd.may_be(self.crowd.operations, moment))
        return [f"cut at {moment}: {complaint}" for complaint in complaints]

    def sample(self, moments: list[int]) -> set[int]:
        return set(self.chance.sample(moments, min(SAMPLES, len(moments))))


def check_recording(recording: Recording) -> list[str]:
    """The journal has everything: replayed, it gives the file that the server left."""
    disk = journal.Disk(recording.before)
    for record in recording.records:
        disk.take(record)
    complaints = [] if disk.durable == recording.after else ["the journal does not give the file that was written"]
    syncs = sum(record.is_sync for record in recording.records)
    print(f"# {len(recording.crowd.operations)} operations, {len(recording.records)} records, {syncs} syncs")
    return complaints + (["something was left unsynced"] if disk.pending else [])


def check_answers(recording: Recording) -> list[str]:
    """As of each answer, what had been synced holds what was answered. The moments between two syncs have one content,
    so the last answer among them asks for the most."""
    ends = sorted(operation.end for operation in recording.crowd.operations)
    syncs = [record.end for record in recording.records if record.is_sync]
    last = {}
    for end in ends:
        last[sum(sync <= end for sync in syncs)] = end
    moments, complaints, disk, position = recording.sample(sorted(last.values())), [], journal.Disk(recording.before), 0
    for moment in sorted(moments):
        while position < len(recording.records) and recording.records[position].end <= moment:
            disk.take(recording.records[position])
            position += 1
        complaints += recording.judge(disk.durable, moment)
    print(f"# {len(moments)} of {len(last)} moments looked at, for {len(ends)} answers")
    return complaints


def check_prefixes(recording: Recording) -> list[str]:
    """A cut after any sync leaves a sound store."""
    moments = recording.sample([record.end for record in recording.records if record.is_sync])
    complaints, disk = [], journal.Disk(recording.before)
    for record in recording.records:
        disk.take(record)
        if record.end in moments:
            complaints += recording.judge(disk.durable, record.end)
    return complaints


def check_torn(recording: Recording) -> list[str]:
    """A cut before a sync, with any sectors of what was not synced: the store is as it was after the last one."""
    moments = recording.sample([record.end for record in recording.records if record.kind == journal.SYNC])
    complaints, disk = [], journal.Disk(recording.before)
    for record in recording.records:
        if record.end in moments:
            wanted = recording.look_at(disk.durable)
            torn = recording.look_at(disk.torn(recording.chance))
            if torn != wanted or wanted[0]:
                complaints.append(f"torn before {record.end}: {torn[0]} {len(torn[1])} customers, not {len(wanted[1])}")
        disk.take(record)
    return complaints


def check_control(recording: Recording) -> list[str]:
    """Proof that this can see something: without its syncs the same store is found wanting."""
    disk = journal.Disk(recording.before)
    for record in recording.records:
        if record.kind != journal.SYNC:
            disk.take(record)
    return [] if recording.judge(disk.durable, recording.records[-1].end) else ["nothing was found missing"]


def main() -> int:
    number = server.seed()
    with tempfile.TemporaryDirectory(prefix="clientele-power-") as folder:
        recording = Recording(pathlib.Path(folder), number)
        return tap.run_checks([
            ("every write of the server is recorded, and synced", lambda: check_recording(recording)),
            ("what was answered is on the disk before the answer", lambda: check_answers(recording)),
            ("a power cut after any sync leaves a sound store", lambda: check_prefixes(recording)),
            ("what is half written before a sync is as if it was not", lambda: check_torn(recording)),
            ("a store that does not sync is found out", lambda: check_control(recording)),
        ])


if __name__ == "__main__":
    sys.exit(main())
