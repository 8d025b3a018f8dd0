"""A proxy between the marketplace and its DynamoDB that does to requests and answers what networks and
services do on bad days. It speaks HTTP, so that it knows where a request ends and what it asks for."""

import contextlib
import datetime
import email.utils
import http.client
import itertools
import json
import random
import socket
import threading
import urllib.parse


class Exchange:
    """One request on its way. A fault decides what becomes of it; whatever it does not answer ends the connection."""

    def __init__(self, link, head, body):
        self.link = link
        lines = head.decode("latin-1").split("\r\n")
        self.fields = dict(line.split(": ", 1) for line in lines[1:] if line)
        self.operation = self.fields.get("X-Amz-Target", "").rpartition(".")[2]
        self.body = body
        self.kept = False

    def forward(self):
        """The real answer's bytes."""
        upstream = self.link.upstream()
        upstream.request("POST", "/", self.body, {name: value for name, value in self.fields.items()
                                                  if name not in ("Host", "Content-Length")})
        answer = upstream.getresponse()
        return self.compose(answer.status, answer.read(), answer.headers.get("x-amz-crc32"))

    @staticmethod
    def compose(status, body, crc=None, date=None):
        lines = [f"HTTP/1.1 {status} As told", "Content-Type: application/x-amz-json-1.0",
                 f"Content-Length: {len(body)}", f"Date: {date or email.utils.formatdate(usegmt=True)}"]
        if crc:
            lines.append(f"x-amz-crc32: {crc}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def refuse(self, status, code, text="as told", date=None):
        body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": text}).encode()
        self.reply(self.compose(status, body, date=date))

    def reply(self, data, keep=True):
        self.link.socket.sendall(data)
        self.kept = keep

    def rest(self, seconds):
        """Waits so long, or until the client has gone or the proxy ends."""
        self.link.socket.settimeout(seconds)
        with contextlib.suppress(OSError):
            self.link.socket.recv(1, socket.MSG_PEEK)
        self.link.socket.settimeout(None)


# ---- What can go wrong, each by its name

def late(one):
    answer = one.forward()
    one.rest(random.uniform(0.05, 0.4))
    one.reply(answer)


def silent_before(one):
    one.rest(30)


def silent_after(one):
    one.forward()
    one.rest(30)


def cut_before(_):
    pass


def cut_after(one):
    one.forward()


def cut_in_the_middle(one):
    answer = one.forward()
    one.reply(answer[:random.randrange(1, len(answer))], keep=False)


def failed_before(one):
    one.refuse(500, "InternalServerError")


def failed_after(one):
    one.forward()
    one.refuse(500, "InternalServerError")


def throttled(one):
    one.refuse(400, random.choice(["ThrottlingException", "ProvisionedThroughputExceededException"]))


def garbage(one):
    answer = one.forward()
    size = len(answer)
    one.reply(random.choice([random.randbytes(size), b"<html>Bad gateway</html>" * 20,
                             Exchange.compose(200, b"<html>Bad gateway</html>"), Exchange.compose(200, b'{"Item":{"PK'),
                             Exchange.compose(502, b"")]), keep=False)


def twice(one):
    answer = one.forward()
    one.reply(answer + answer)


def closed_behind(one):
    one.reply(one.forward(), keep=False)


def slow(every, seconds):
    """So much later, each so-manieth answer."""
    count = itertools.count(1)

    def fault(one):
        answer = one.forward()
        with one.link.proxy.lock:
            number = next(count)
        if number % every == 0:
            one.rest(seconds)
        one.reply(answer)

    return fault


ALL = [late, silent_before, silent_after, cut_before, cut_after, cut_in_the_middle, failed_before, failed_after,
       throttled, garbage, twice, closed_behind]


def sometimes(faults, chance):
    """One of these, to so many requests in one."""

    def fault(one):
        if random.random() >= chance:
            return one.reply(one.forward())
        with one.link.proxy.lock:
            one.link.proxy.disturbed += 1
        return random.choice(faults)(one)

    return fault


class Link:
    """One connection of a client and the one behind it."""

    def __init__(self, proxy, accepted):
        self.proxy = proxy
        self.socket = accepted
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.behind = None
        self.held = b""

    def upstream(self):
        if self.behind is None:
            self.behind = http.client.HTTPConnection(*self.proxy.upstream, timeout=60)
            self.behind.connect()
            self.behind.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.behind

    def more(self):
        data = self.socket.recv(65536)
        self.held += data
        return bool(data)

    def next(self):
        while b"\r\n\r\n" not in self.held:
            if not self.more():
                return None
        head, self.held = self.held.split(b"\r\n\r\n", 1)
        size = next(int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length: "))
        while len(self.held) < size:
            if not self.more():
                return None
        body, self.held = self.held[:size], self.held[size:]
        return Exchange(self, head, body)

    def run(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            while one := self.next():
                with self.proxy.lock:
                    self.proxy.seen[one.operation] = self.proxy.seen.get(one.operation, 0) + 1
                fault = self.proxy.fault
                fault(one) if fault else one.reply(one.forward())
                if not one.kept:
                    break
        self.close()
        if self.behind:
            self.behind.close()

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class FaultProxy:
    """`fault` is what is done to each exchange from now on; None: nothing. `seen` counts operations,
    `disturbed` what `sometimes` did something to."""

    def __init__(self, upstream):
        place = urllib.parse.urlsplit(upstream)
        self.upstream = (place.hostname, place.port)
        self.fault = None
        self.seen = {}
        self.disturbed = 0
        self.lock = threading.Lock()
        self.links = []
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.acceptor = threading.Thread(target=self._accept, daemon=True)
        self.acceptor.start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                link = Link(self, self.listening.accept()[0])
                with self.lock:
                    self.links.append(link)
                threading.Thread(target=link.run, daemon=True).start()

    def cut_all(self):
        """Every open connection ends immediately."""
        with self.lock:
            links, self.links = self.links, []
        for link in links:
            link.close()

    def stop(self):
        self.fault = None
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.cut_all()
        self.acceptor.join(10)


# ---- Faults that look at what was signed

def on_another_clock(minutes, refused):
    """A service that is so far ahead of us, and as strict about it as AWS. The operations that it refuses for that
    are appended to `refused`."""

    def fault(one):
        ahead = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        signed = datetime.datetime.strptime(one.fields["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
        if abs(ahead - signed) < datetime.timedelta(minutes=5):
            return one.reply(one.forward())
        refused.append(one.operation)
        date = email.utils.format_datetime(ahead, usegmt=True)
        text = f"Signature expired: {one.fields['X-Amz-Date']} is now earlier than it may be"
        return one.refuse(400, "InvalidSignatureException", text, date=date)

    return fault


def expired_for(key):
    """Credentials with this id have expired."""

    def fault(one):
        if f"Credential={key}/" not in one.fields["Authorization"]:
            return one.reply(one.forward())
        return one.refuse(400, "ExpiredTokenException", "The security token included in the request is expired")

    return fault
