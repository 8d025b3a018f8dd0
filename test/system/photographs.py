"""A seller's client for photographs: announces one, sends its bytes, says so, and waits for what becomes of it."""

import hashlib

import requests
from waiting import until

# spaces-media beside the program.
WITH_WORKER = {"SPACES_MEDIA_WORKERS": "1"}


# What URLs begin with unless SPACES_PUBLIC_URL says otherwise: servers of tests have ports of their own.
PUBLIC_URL = "http://127.0.0.1:8080"


class Seller:
    def __init__(self, client, listing):
        self.client = client
        self.path = f"/properties/{listing}/images"

    def announce(self, content, kind="image/jpeg", **more):
        body = {"bytes": len(content), "type": kind, "sha256": hashlib.sha256(content).hexdigest(), **more}
        answer = self.client.post(self.path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def at(self, url):
        """Where it is now."""
        return url.replace(PUBLIC_URL, self.client.url)

    def send(self, announced, content):
        to = announced["upload"]
        return requests.request(to["method"], self.at(to["url"]), data=content, headers=to["headers"], timeout=60)

    def uploaded(self, announced):
        return self.client.post(f"{self.path}/{announced['id']}/uploaded", None)

    def add(self, content, kind="image/jpeg", **more):
        """Its id."""
        announced = self.announce(content, kind, **more)
        sent = self.send(announced, content)
        assert sent.status_code == 200, sent.text
        assert self.uploaded(announced).status_code == 200
        return announced["id"]

    def images(self):
        return {one["id"]: one for one in self.client.get(self.path).json()["images"]}

    def settled(self, image):
        """As it is once it is ready or refused."""

        def done():
            one = self.images()[image]
            return one if one["status"] in ("ready", "refused") else None

        return until(done)

    def complete(self, image):
        """As it is once AVIF is there as well."""

        def done():
            one = self.images()[image]
            assert one["status"] != "refused", one
            return one if any(file["type"] == "image/avif" for file in one["sources"]) else None

        return until(done)
