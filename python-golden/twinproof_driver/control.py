"""Calls to the cell's control server, on loopback, never through a proxy."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request

from .failure import DriverFailure, expected_got


class Control:
    """`base` is the address of the cell's control server."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def await_latch(self, latch: str, timeout: float) -> None:
        """Wait until the latch is released."""
        self.ask("GET", f"/latch/{urllib.parse.quote(latch, safe='')}/wait", {}, timeout)

    def ask(self, method: str, path: str, query: dict[str, str], timeout: float) -> None:
        """Wait for a 2xx answer. Raises TimeoutError after `timeout` seconds or for 410 (it can never come), DriverFailure for any other answer."""
        url = self._base + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, method=method, data=b"" if method == "POST" else None)
        try:
            with self._opener.open(request, timeout=timeout) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 410:
                raise TimeoutError("it can never come") from error
            text = f"{error.code} {error.read().decode('utf-8', 'replace')[:500]}".rstrip()
            raise DriverFailure(expected_got(f"asking {method} {url}", "status 2xx", text)) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise TimeoutError(
                    expected_got(f"asking {method} {url}", f"an answer in {timeout} s", "none")
                ) from error
            raise DriverFailure(expected_got(f"asking {method} {url}", "an answer", str(error.reason))) from error
