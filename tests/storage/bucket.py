"""A bucket on loopback that speaks as much of S3 as an archive needs: put, get, head, delete."""

from __future__ import annotations

import re
from hashlib import md5

from monitor.faces.demo.serving import Answer, LocalServer, Received


class Bucket(LocalServer):
    """Objects by their path, `/bucket/key`. `refuse` is an answer for everything while it is set."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.refuse: Answer | None = None
        super().__init__(self._serve)

    def _serve(self, request: Received) -> Answer:
        if self.refuse:
            return self.refuse
        if request.method == "PUT":
            self.objects[request.path] = request.body
            return Answer(headers={"ETag": _tag(request.body)})
        if request.method == "POST":  # the one form of removing that S3 has for many
            keys = re.findall(r"<Key>(.*?)</Key>", request.body.decode())
            for key in keys:
                self.objects.pop(f"{request.path}/{key}", None)
            gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            return Answer(body=f"<DeleteResult>{gone}</DeleteResult>".encode())
        if request.path not in self.objects:
            return Answer(404, body=b"" if request.method == "HEAD" else b"<Error><Code>NoSuchKey</Code></Error>")
        body = self.objects[request.path]
        return Answer(headers={"ETag": _tag(body), "Last-Modified": "Mon, 23 Nov 2026 12:00:00 GMT"}, body=body)


def _tag(body: bytes) -> str:
    return f'"{md5(body, usedforsecurity=False).hexdigest()}"'
