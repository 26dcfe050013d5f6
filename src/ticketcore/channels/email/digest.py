"""Which mails are copies of one: those in which the author wrote the same.

A Message-ID should tell, but some programs give one to many mails.  What servers add on the way and how a mailbox ends
its lines makes no difference here, so a mail that is delivered or exported once more has the same digest.
"""

from hashlib import sha256

from ticketcore.channels.email.blocks import CARRIAGE_RETURN, Block

AUTHORED = (
    b"from",
    b"sender",
    b"reply-to",
    b"to",
    b"cc",
    b"date",
    b"subject",
    b"in-reply-to",
    b"references",
    b"auto-submitted",
    b"x-autoreply",
    b"content-type",
)
"""The headers that come from whoever wrote a mail, or from their program, and that no server changes."""


def digest_of(data: bytes, top: Block) -> str:
    """SHA-256 (FIPS 180-4), in hexadecimal, of the mail ``data`` as its author wrote it.

    That is the headers named in ``AUTHORED``, with all white space as one blank, and the body, without how its lines
    end and without empty lines around it.
    """
    fields, repeated = top.fields, top.repeated
    said = []
    for name in AUTHORED:
        if name in repeated:
            said += [name + b":" + b" ".join(value.split()) for value in repeated[name]]
        elif name in fields:
            said.append(name + b":" + b" ".join(fields[name].split()))
    body = data[top.end :]
    if CARRIAGE_RETURN in body:
        body = body.replace(b"\r\n", b"\n")
    said += (b"", body.strip())
    return sha256(b"\n".join(said)).hexdigest()
