"""A real mail server (aiosmtpd) that takes the token "good" (XOAUTH2): tokens.py FOLDER. Prints its port. Refuses as Google does: 334
with a reason, then 535. Each email is written into FOLDER before it is taken."""

import asyncio
import base64
import pathlib
import sys

from aiosmtpd.smtp import SMTP, AuthResult

FOLDER = pathlib.Path(sys.argv[1])
SMTP.command_size_limit = 16384
SMTP.line_length_limit = 16384


class Handler:
    async def auth_XOAUTH2(self, server, arguments):
        text = base64.b64decode(arguments[1]).decode()
        user, token = text.rstrip("\x01").split("\x01")
        if token == "auth=Bearer good":
            return AuthResult(success=True, auth_data=user)
        reason = base64.b64encode(b'{"status":"401","schemes":"bearer"}').decode()
        empty = await server.challenge_auth(reason, encode_to_b64=False)
        assert empty == b"", empty
        await server.push("535 5.7.8 Username and Password not accepted")
        return AuthResult(success=False, handled=True)

    async def handle_DATA(self, server, session, envelope):
        path = FOLDER / f"{len(list(FOLDER.iterdir())):05}.eml"
        path.write_bytes(envelope.original_content)
        return "250 taken"


async def main():
    def server():
        return SMTP(Handler(), auth_require_tls=False, auth_required=True)

    own = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    print(own.sockets[0].getsockname()[1], flush=True)
    await own.serve_forever()


asyncio.run(main())
