"""A message as e-mail: HTML beside plain text, under a Message-ID that stays when it is sent again."""

import smtplib
import ssl
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory_site.core.patience import within
from notifications.telling.message import ORDER, Message, NotSent, one_line, shortened

MOST_ERROR = 300
MOST_SECONDS = 60.0  # for the whole mail; EMAIL_TIMEOUT is for each answer
HEADINGS = {"urgent": _("Urgent"), "warning": _("Warnings"), "info": _("Notices")}


def send_mail(*, message: Message, to: Sequence[str]) -> None:
    """Hand the message to the mail server of EMAIL_URL. Raises NotSent."""
    if not settings.EMAIL_HOST:
        raise NotSent(
            gettext("E-mail is not set up here: EMAIL_URL is not set (docs/operations.md).")
        )
    try:
        within(seconds=MOST_SECONDS, work=mail_of(message=message, to=to).send)
    except smtplib.SMTPRecipientsRefused as error:
        told = ", ".join(f"{name} ({_answer(*why)})" for name, why in error.recipients.items())
        words = gettext("The mail server refused every recipient: %(answers)s") % {"answers": told}
        raise NotSent(_safe(words)) from None
    except (
        smtplib.SMTPDataError
    ) as error:  # after addresses and sender were taken: it is the mail itself
        said = _answer(error.smtp_code, error.smtp_error)
        words = _safe(gettext("The mail server answered %(answer)s") % {"answer": said})
        raise NotSent(words, for_good=500 <= error.smtp_code < 600) from None
    except smtplib.SMTPResponseException as error:
        said = _answer(error.smtp_code, error.smtp_error)
        words = gettext("The mail server answered %(answer)s") % {"answer": said}
        raise NotSent(_safe(words)) from None
    except ssl.SSLError:
        raise NotSent(
            gettext("No safe connection to the mail server: its certificate or TLS.")
        ) from None
    except TimeoutError:
        raise NotSent(gettext("The mail server did not answer in time.")) from None
    except (OSError, smtplib.SMTPException) as error:
        words = gettext("The mail server cannot be reached (%(why)s).") % {"why": _reason(error)}
        raise NotSent(_safe(words)) from None


def mail_of(*, message: Message, to: Sequence[str]) -> EmailMultiAlternatives:
    """The mail, ready to be sent."""
    context = _context(message)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string("email/alerts.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=list(to),
        headers={
            "Message-ID": f"<{message.key}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    mail.attach_alternative(render_to_string("email/alerts.html", context), "text/html")
    return mail


def _context(message: Message) -> dict[str, Any]:
    parts = [
        {
            "severity": name,
            "heading": HEADINGS[name],
            "count": message.counts[name],
            "lines": [
                {
                    "title": one_line(line.title),
                    "rule": one_line(line.rule),
                    "warehouse": one_line(line.warehouse),
                    "since": line.since,
                }
                for line in message.lines
                if line.severity == name
            ],
        }
        for name in ORDER
        if message.counts.get(name)
    ]
    shown = [part for part in parts if part["lines"]]
    return {"message": message, "parts": shown, "link": message.link}


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return f"{code} {one_line(text)}"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _safe(told: str) -> str:
    """Without the password, should a server be so kind as to repeat it."""
    for secret in filter(None, (settings.EMAIL_HOST_PASSWORD,)):
        told = told.replace(secret, "…")
    return shortened(one_line(told), most=MOST_ERROR)
