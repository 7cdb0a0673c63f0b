"""The journal of record_writes.c, and what a power cut would leave of the file."""
import dataclasses
import pathlib
import random
import struct

WRITE, SYNCED_WRITE, SYNC, TRUNCATE = 1, 2, 3, 4
HEAD = struct.Struct("=QQQ")
SECTOR = 512  # what a disk writes whole


@dataclasses.dataclass(frozen=True)
class Record:
    kind: int
    offset: int
    data: bytes
    end: int  # the journal's size behind it: a moment

    @property
    def is_sync(self) -> bool:
        return self.kind in (SYNC, SYNCED_WRITE)


def read(path: pathlib.Path) -> list[Record]:
    journal, records, at = path.read_bytes(), [], 0
    while at < len(journal):
        kind, offset, size = HEAD.unpack_from(journal, at)
        at += HEAD.size + size
        records.append(Record(kind, offset, journal[at - size:at], at))
    return records


class Disk:
    """What is surely on the disk, and what only may be."""

    def __init__(self, content: bytes):
        self.durable = bytearray(content)
        self.pending: list[Record] = []

    def take(self, record: Record) -> None:
        if record.kind == SYNCED_WRITE:
            apply(record, self.durable)
        elif record.kind == SYNC:
            for pending in self.pending:
                apply(pending, self.durable)
            self.pending.clear()
        else:
            self.pending.append(record)

    def torn(self, chance: random.Random) -> bytearray:
        """What is sure, and some sectors of what is not: a disk keeps no order before a sync."""
        content = bytearray(self.durable)
        share = chance.random()
        for record in self.pending:
            if record.kind == TRUNCATE:
                if chance.random() < share:
                    apply(record, content)
                continue
            for at in range(0, len(record.data), SECTOR):
                if chance.random() < share:
                    apply(Record(WRITE, record.offset + at, record.data[at:at + SECTOR], 0), content)
        return content


def apply(record: Record, content: bytearray) -> None:
    if record.kind == TRUNCATE:
        del content[record.offset:]
    size = record.offset + len(record.data)
    if len(content) < size:
        content.extend(bytes(size - len(content)))
    content[record.offset:size] = record.data
