"""`nghedan`: one command line for operators and newcomers. Exit 0 success, 1 the answer is no, 2 wrong use."""

import sys

import typer

from app.commands import (
    channel,
    chat,
    criteria,
    demo,
    doctor,
    frame,
    level,
    map,
    officer,
    officer_changes,
    opinions,
    papers,
    phieu,
    plan,
    poster,
    profile,
    province,
    province_sign,
    report,
    retention,
    rollups,
    serve,
    served,
    survey,
    wave,
)
from app.commands.common import Stop
from app.wording import MissingCatalogue

app = typer.Typer(
    name="nghedan",
    help="Nghe Dân: a commune hears its citizens in chat, and the report the plan requires writes itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("chat")(chat.chat)
app.command("doctor")(doctor.doctor)
app.command("retention")(retention.retention)
app.add_typer(survey.app, name="survey", help="Check, publish and list surveys.")
app.add_typer(opinions.app, name="opinions", help="Answer what people said about a draft.")
app.add_typer(frame.app, name="frame", help="Import the lists that samples are drawn from.")
app.add_typer(wave.app, name="wave", help="Open, send, watch and close waves of a survey.")
app.add_typer(criteria.app, name="criteria", help="The criteria of biểu tự đánh giá, xếp loại.")
app.add_typer(plan.app, name="plan", help="Read plans, and keep those a commune works by.")
app.add_typer(profile.app, name="profile", help="How a commune's papers are addressed and signed.")
report.app.command("export")(province.export)
app.add_typer(report.app, name="report", help="Make reports.")
province.app.command("sign")(province_sign.sign)
app.add_typer(province.app, name="province", help="Figures of a province's communes: who owes, take in, roll up.")
app.add_typer(served.app, name="served", help="How many people the one-stop service served.")
app.add_typer(rollups.app, name="rollups", help="Check the counts behind the figures.")
app.command("register")(papers.register)
app.command("dossier")(papers.dossier)
app.command("cap-do")(level.cap_do)
app.add_typer(phieu.app, name="phieu", help="Print numbered paper forms, and check what was typed.")
app.add_typer(poster.app, name="poster", help="Make posters with QR codes.")
app.add_typer(channel.app, name="channel", help="Add accounts on the platforms, and log in to Zalo.")
app.add_typer(map.app, name="map", help="The picture on which citizens show a place.")
officer.app.command("reset")(officer_changes.reset)
officer.app.command("off")(officer_changes.off)
officer.app.command("on")(officer_changes.on)
officer.app.command("role")(officer_changes.role)
app.add_typer(officer.app, name="officer", help="Who may log in: add, list, reset, switch off, change.")


def main() -> None:
    """Run a command; a fault is a line on stderr, never a traceback."""
    try:
        app()
    except MissingCatalogue as fault:
        sys.stderr.write(f"nghedan: {fault}\n")
        raise SystemExit(2) from None
    except Stop as stop:
        for line in stop.lines:
            sys.stderr.write(f"nghedan: {line}\n")
        raise SystemExit(stop.code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
