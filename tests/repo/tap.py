"""What the repository's own checks share: each gives its complaints, and all together speak TAP."""
from collections.abc import Callable


def run_checks(checks: list[tuple[str, Callable[[], list[str]]]]) -> int:
    """Print a line for each check, with its complaints below; the exit code."""
    print(f"1..{len(checks)}")
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        complaints = check()
        failed += bool(complaints)
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return 1 if failed else 0
