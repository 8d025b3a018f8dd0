#!/usr/bin/env python3
"""Lambda's Runtime API, for tests: hands events to one process of a function, one after another, from as
many senders as there are, with trace ids, events of any size and faults, which Amazon's emulator has not.

As a program it takes events by POST as the emulator does, on one port, and speaks the Runtime API on
another: tools/runtime_api.py --runtime-api 127.0.0.1:9001 --listen 127.0.0.1:9000
"""

import argparse
import dataclasses
import http.server
import json
import queue
import threading
import time
import uuid

VERSION = "/2018-06-01/runtime"
# What an event may meet on its way to the process, besides arriving.
NEXT_FAULTS = ("cut", "malformed", "late", 403, 410, 500)


@dataclasses.dataclass
class Invocation:
    """One event on its way, and what became of it."""

    event: bytes
    seconds: float = 30.0
    trace: str | None = None
    fault: object = None  # one of NEXT_FAULTS: met once, before the event is handed out (cut: by the event itself)
    answer_status: int | None = 202  # what the process hears when it hands its answer back; None: nothing
    id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    done: threading.Event = dataclasses.field(default_factory=threading.Event)
    kind: str = ""  # "response" or "error", as the process called it
    body: bytes = b""
    handed_out_at: float = 0.0
    answered_at: float = 0.0

    def json(self):
        return json.loads(self.body)


class RuntimeApi:
    """The server, on a free port of loopback unless told another. `address` is AWS_LAMBDA_RUNTIME_API."""

    def __init__(self, port=0):
        self.waiting = queue.Queue()
        self.handed_out = {}
        self.init_error = None
        self.init_failed = threading.Event()
        self.asked = threading.Semaphore(0)  # once for each /next that came
        self.first_asked_at = None
        self.connections = 0
        self.closing = threading.Event()
        api = self

        class Handler(_Handler):
            runtime = api

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def send(self, event, **more):
        """Queues an event (bytes, or what JSON is made of) and does not wait."""
        one = Invocation(event if isinstance(event, bytes) else json.dumps(event).encode(), **more)
        self.waiting.put(one)
        return one

    def invoke(self, event, patience=60, **more):
        """Sends an event and waits for its answer."""
        one = self.send(event, **more)
        if not one.done.wait(patience):
            raise TimeoutError("the function did not answer")
        return one


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one piece
    runtime = None

    def setup(self):
        super().setup()
        self.runtime.connections += 1

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path != f"{VERSION}/invocation/next":
            return self.answer(404)
        self.runtime.first_asked_at = self.runtime.first_asked_at or time.monotonic()
        self.runtime.asked.release()
        one = None
        while one is None:
            if self.runtime.closing.is_set():
                self.close_connection = True
                return None
            try:
                one = self.runtime.waiting.get(timeout=0.05)
            except queue.Empty:
                pass
        return self.hand_out(one)

    def hand_out(self, one):
        fault, one.fault = one.fault, None
        if fault == "late":
            time.sleep(1.5)
        elif isinstance(fault, int):
            self.runtime.waiting.put(one)
            return self.answer(fault, b'{"errorMessage":"a fault","errorType":"Fault"}')
        elif fault == "malformed":
            self.runtime.waiting.put(one)
            self.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
            self.close_connection = True
            return None
        self.runtime.handed_out[one.id] = one
        one.handed_out_at = time.monotonic()
        fields = [("Content-Type", "application/json"), ("Lambda-Runtime-Aws-Request-Id", one.id),
                  ("Lambda-Runtime-Deadline-Ms", str(int((time.time() + one.seconds) * 1000))),
                  ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:spaces")]
        if one.trace is not None:
            fields.append(("Lambda-Runtime-Trace-Id", one.trace))
        if fault == "cut":
            self.send_response(200)
            for name, value in fields:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(one.event)))
            self.end_headers()
            self.wfile.write(one.event[: len(one.event) // 2])
            self.close_connection = True
            return None
        return self.answer(200, one.event, fields)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == f"{VERSION}/init/error":
            self.runtime.init_error = json.loads(body)
            self.runtime.init_failed.set()
            return self.answer(202)
        _, _, rest = self.path.partition(f"{VERSION}/invocation/")
        number, _, kind = rest.partition("/")
        one = self.runtime.handed_out.pop(number, None)
        if one is None or kind not in ("response", "error"):
            return self.answer(400, b'{"errorMessage":"no such invocation","errorType":"InvalidRequestID"}')
        one.kind, one.body, one.answered_at = kind, body, time.monotonic()
        if one.answer_status is None:
            one.done.set()
            self.runtime.closing.wait()
            self.close_connection = True
            return None
        self.answer(one.answer_status)
        self.wfile.flush()
        one.done.set()
        return None


class _Sender(http.server.BaseHTTPRequestHandler):
    """Takes events as the emulator does."""

    protocol_version = "HTTP/1.1"
    runtime = None

    def log_message(self, *_):
        pass

    def do_POST(self):
        event = self.rfile.read(int(self.headers["Content-Length"]))
        body = self.runtime.invoke(event, trace=self.headers.get("X-Amzn-Trace-Id")).body
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    words.add_argument("--runtime-api", default="127.0.0.1:9001", metavar="ADDRESS")
    words.add_argument("--listen", default="127.0.0.1:9000", metavar="ADDRESS")
    asked = words.parse_args()
    api = RuntimeApi(int(asked.runtime_api.rpartition(":")[2]))
    sender = type("Sender", (_Sender,), {"runtime": api})
    http.server.ThreadingHTTPServer(("127.0.0.1", int(asked.listen.rpartition(":")[2])), sender).serve_forever()


if __name__ == "__main__":
    main()
