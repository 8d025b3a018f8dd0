"""A real mail server (aiosmtpd) that does as a test says: with or without TLS and logins, refusing or
hanging at one command."""

import asyncio
import contextlib
import datetime
import email
import email.policy
import ipaddress
import socket
import ssl
import threading

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from waiting import comes_true, until

USER, PASSWORD = "spaces", "mail p@ssword é"
FROM = "Lifestyle Spaces <hello@spaces.example>"


def settings(server, scheme="smtp", host="127.0.0.1", **more):
    """Of a program that sends its e-mails to this mail server."""
    return {"SPACES_MAIL": "smtp", "SPACES_SMTP_URL": f"{scheme}://{host}:{server.port}", "SPACES_MAIL_FROM": FROM,
            "SPACES_PUBLIC_URL": "https://spaces.example", **{key: str(value) for key, value in more.items()}}


def make_certificate(folder, *names):
    """A certificate of its own authority for these names: (file of it, file of it and its key)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test's mail server")])
    now = datetime.datetime.now(datetime.timezone.utc)
    of = [x509.IPAddress(ipaddress.ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names]
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
                   .not_valid_after(now + datetime.timedelta(days=1))
                   .add_extension(x509.SubjectAlternativeName(of), critical=False)
                   .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                   .sign(key, hashes.SHA256()))
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption())
    folder.mkdir(exist_ok=True)
    public_file, key_file = folder / "certificate.pem", folder / "certificate-and-key.pem"
    public_file.write_bytes(pem)
    key_file.write_bytes(pem + private)
    return public_file, key_file


class Received:
    """An e-mail that the server took, or was asked to take."""

    def __init__(self, server, session, envelope):
        self.sender = envelope.mail_from
        self.to = envelope.rcpt_tos
        self.options = envelope.mail_options
        self.over_tls = server.transport.get_extra_info("sslcontext") is not None
        self.user = session.auth_data
        self.message = email.message_from_bytes(envelope.content, policy=email.policy.default)

    @property
    def id(self):
        return self.message["Message-ID"]


class MailServer:
    """`tls`: None, "starttls" or "implicit". `answers` maps RCPT or DATA to what is answered instead of 250;
    a list is used up, one at a time. While `hangs` is set, DATA is not answered."""

    def __init__(self, tls=None, certificate=None, login=False, answers=None):
        self.emails = []
        self.asked = []  # e-mails whose DATA arrived, whatever was answered
        self.answers = dict(answers or {})
        self.hangs = threading.Event()
        self.logins = []
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        options = {"hostname": "mail.test", "enable_SMTPUTF8": True, "auth_required": login,
                   "auth_require_tls": tls == "starttls", "authenticator": self._check if login else None,
                   "timeout": 60}
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        # Ours for as long as this server lives, also while nobody listens there.
        self._kept = socket.socket()
        self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._kept.bind(("127.0.0.1", 0))
        self.port = self._kept.getsockname()[1]
        self._listening = {"protocol_factory": lambda: SMTP(self, loop=self._loop, **options), "host": "127.0.0.1",
                           "port": self.port, "ssl": context if tls == "implicit" else None}
        self.come_back()

    def come_back(self):
        made = self._loop.create_server(**self._listening)
        self._server = asyncio.run_coroutine_threadsafe(made, self._loop).result(60)

    def _check(self, server, session, envelope, mechanism, data):
        self.logins.append((mechanism, data.login, data.password))
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        # handled=False: otherwise a bad login is never answered.
        return AuthResult(success=good, handled=False, auth_data=USER)

    def _answer(self, command, otherwise):
        wanted = self.answers.get(command)
        if isinstance(wanted, list):
            wanted = wanted.pop(0) if wanted else None
        return wanted or otherwise

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, aiosmtpd's name
        answer = self._answer("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        received = Received(server, session, envelope)
        self.asked.append(received)
        await comes_true(lambda: not self.hangs.is_set())
        answer = self._answer("DATA", "250 taken")
        if answer.startswith("250"):
            self.emails.append(received)
        return answer

    def wait_for(self, count, what=None):
        """The e-mails, once there are so many; fails after a while."""
        found = self.emails if what is None else what
        until(lambda: len(found) >= count, lambda: f"{len(found)} e-mails of {count}")
        return found

    def go_away(self):
        """Ends all connections and takes no more, until it comes back."""

        async def end():
            self._server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(end(), self._loop).result(60)

    def close(self):
        if self._loop.is_closed():
            return
        self.go_away()
        self._kept.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()
