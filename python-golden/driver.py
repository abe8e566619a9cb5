"""Entry point: `python driver.py python|python-async|python-exec` performs scenarios with a Python SDK.

The protocol is told in docs/driver-protocol.md.
"""

from __future__ import annotations

import os
import sys

from twinproof_driver.failure import expected_got
from twinproof_driver.protocol import claim_stdout, report_fatal


def main(arguments: list[str]) -> int:
    """Serve runs until `exit` or the end of stdin; 0 then, 2 for a wrong command line, 1 for a broken driver."""
    # Before anything else is imported: what a library prints at import must not stand among the protocol's lines.
    output = claim_stdout()
    if len(arguments) != 1 or arguments[0] not in ("python", "python-async", "python-exec"):
        sys.stderr.write(
            "driver.py: "
            + expected_got("reading the command line", "python, python-async or python-exec", repr(arguments))
            + "\n"
        )
        return 2
    try:
        if arguments[0] == "python-exec":
            from twinproof_driver.exec_run import serve_exec

            serve_exec(sys.stdin.buffer, output)
        else:
            from twinproof_driver.serve import serve

            serve(arguments[0], sys.stdin.buffer, output)
        return 0
    except BaseException as error:  # noqa: BLE001 - the last stop: os._exit below would swallow the traceback
        report_fatal(error)
        return 1


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # Not sys.exit: a thread of the SDK that hangs (a known defect after the engine's death) would keep the process.
    os._exit(code)
