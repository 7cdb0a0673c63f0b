#!/usr/bin/env python3
"""Run a program on a terminal of its own and show what it wrote there.

Usage: terminal.py [--columns N] [--stdout FILE] [--type AFTER TEXT]... PROGRAM [ARGUMENT...]
`--stdout` takes its standard output away from the terminal. `--type` waits until AFTER was shown, then types TEXT;
`^C` is Ctrl-C. The exit code is the program's; 128 + N if a signal ended it.
"""
import argparse
import fcntl
import os
import pty
import struct
import sys
import termios


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--stdout")
    parser.add_argument("--type", nargs=2, action="append", default=[])
    parser.add_argument("program", nargs=argparse.REMAINDER)
    return parser.parse_args()


def run_child(options, terminal):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, options.columns, 0, 0))
    if options.stdout:
        os.dup2(os.open(options.stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 1)
    os.execvp(options.program[0], options.program)


def read(master):
    try:
        return os.read(master, 65536)
    except OSError:  # the last one on the terminal has left
        return b""


def main():
    options = parse()
    child, master = pty.fork()
    if child == 0:
        run_child(options, 0)
    waiting = [(after.encode(), b"\x03" if text == "^C" else text.encode()) for after, text in options.type]
    seen = b""
    while chunk := read(master):
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        seen += chunk
        while waiting and waiting[0][0] in seen:
            os.write(master, waiting.pop(0)[1])
            seen = b""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
