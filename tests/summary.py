#!/usr/bin/env python3
"""Count the cases of a test run and print the closing line.

Every test speaks TAP; its cases stand in the output that meson keeps. A test that fails without a failed case
(a crash, a sanitizer's report, a plan not fulfilled) counts as one failure.
"""
import json
import re
import sys


def main() -> int:
    passed = failed = 0
    with open(sys.argv[1], encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            cases = re.findall(r"^(not ok|ok)\b(?:.*# (SKIP|skip))?", test.get("stdout", ""), re.MULTILINE)
            passed += sum(1 for word, skip in cases if word == "ok" and not skip)
            broken = sum(1 for word, _ in cases if word == "not ok")
            if not broken and test["result"] not in ("OK", "EXPECTEDFAIL"):
                broken = 1
                print(f"{test['name']}: {test['result']}")
            failed += broken
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
