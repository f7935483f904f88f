"""A real mail server (aiosmtpd) that keeps what it takes: mail.py FOLDER CERTIFICATE KEY, with a user "plans", password "secret".

Prints its two ports: STARTTLS and implicit TLS. Who is called "later" is put off once, "never" refused, "dropped" cut off before
the letter, "cut" in the midst of it, "slow" waited for. Every other letter is written into FOLDER, one file each, and synced before it is taken.
"""

import asyncio
import os
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

FOLDER = pathlib.Path(sys.argv[1])
put_off = set()


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"plans" and data.password == b"secret"
    return AuthResult(success=right, handled=False)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "never":
            return "550 no such mailbox"
        if name == "later" and address not in put_off:
            put_off.add(address)
            return "451 greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "slow":
            await asyncio.sleep(3)
        path = FOLDER / f"{len(list(FOLDER.iterdir())):05}-{name}.eml"
        with open(path, "wb") as file:
            file.write(envelope.original_content)
            os.fsync(file.fileno())
        return "250 taken"


class Server(SMTP):
    async def smtp_DATA(self, argument):
        name = "".join(self.envelope.rcpt_tos[:1]).split("@")[0]
        if name == "dropped":
            self.transport.abort()
            return
        if name == "cut":
            await self.push("354 go on")
            await self._reader.read(2000)
            self.transport.abort()
            return
        await super().smtp_DATA(argument)


async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2], sys.argv[3])
    login = {"authenticator": authenticate, "auth_required": True}

    def after_starttls():
        return Server(Handler(), tls_context=tls, require_starttls=True, **login)

    def from_the_start():
        return Server(Handler(), auth_require_tls=False, **login)

    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(after_starttls, "127.0.0.1", 0),
        await loop.create_server(from_the_start, "127.0.0.1", 0, ssl=tls),
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
