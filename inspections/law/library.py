"""The library in the database: filled from seeds/law, read as values, extended by the county."""

import datetime as dt
from pathlib import Path

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.law.citations import Version
from inspections.law.models import Article, Instrument
from inspections.law.review import Doubt, review
from inspections.law.wording import SENTENCES
from inspections.reading.files import own_rows
from inspections.site.refusal import Refusal

SEEDS = Path(__file__).parents[2] / "seeds" / "law"


def load(session: orm.Session, folder: Path = SEEDS) -> None:
    """Nothing; instruments and articles of the folder's two sheets are in the library.

    What the county entered or checked itself stays. Raises KeyError when a column is missing.
    """
    own = set(session.scalars(select(Instrument.code).where(Instrument.own)))
    for row in own_rows(folder / "instruments.csv"):
        if row["code"] not in own:
            session.merge(_instrument(row))
    session.flush()
    known = {(each.instrument_code, each.label): each for each in session.scalars(select(Article))}
    for position, row in enumerate(own_rows(folder / "articles.csv")):
        article = known.get((row["code"], row["label"]))
        if article is None:
            article = Article(instrument_code=row["code"], label=row["label"], checked=False)
            session.add(article)
        article.position, article.gist, article.was = position, row["gist"], row["was"]
        article.checked = article.checked or row["checked"] == "1"
    session.flush()


def versions(session: orm.Session) -> list[Version]:
    """Every version with the articles that were read, older versions of a title first."""
    wanted = select(Instrument).options(orm.selectinload(Instrument.read))
    return [
        Version(
            one.code,
            one.title,
            one.short_title,
            one.number,
            one.year,
            one.in_force_from,
            one.in_force_to,
            one.replaces,
            one.articles,
            one.applies_to,
            one.state,
            frozenset(article.label for article in one.read if article.checked),
            tuple((article.label, article.was) for article in one.read if article.was),
        )
        for one in session.scalars(wanted.order_by(Instrument.in_force_from, Instrument.code))
    ]


def doubts(session: orm.Session, text: str, day: dt.date, place: str = "") -> list[Doubt]:
    """What stands against citing this text as of that day (see `review`)."""
    return review(text, versions(session), day, place)


def require_in_force(session: orm.Session, text: str, day: dt.date) -> None:
    """Nothing. Raises Refusal naming each citation that was not in force on that day, and what is."""
    for doubt in doubts(session, text, day):
        if doubt.bars:
            raise Refusal(sentence(doubt, day))


def sentence(doubt: Doubt, day: dt.date) -> str:
    """The doubt in one sentence for the person who cites."""
    said = SENTENCES[doubt.fault].format(words=doubt.words, day=day)
    return said + (f"现行依据：{doubt.instead}。" if doubt.instead else "")


def enter(session: orm.Session, actor: User, instrument: Instrument) -> Instrument:
    """The county's own rule, now in the library. Raises Refusal when its code or title is taken."""
    taken = select(Instrument.code).where(
        (Instrument.code == instrument.code) | (Instrument.title == instrument.title)
    )
    if session.scalar(taken) is not None:
        raise Refusal("依据库中已有这个编号或名称；新版本请在名称后写明年份。")
    instrument.own, instrument.kind, instrument.state = True, "county", "in_force"
    session.add(instrument)
    session.flush()
    journal.record(session, "law.enter", None, actor, code=instrument.code)
    return instrument


def enter_article(
    session: orm.Session, actor: User, instrument: Instrument, label: str, gist: str
) -> Article:
    """The article as one person read it; it counts as checked when a second one has confirmed it.

    Raises Refusal when the article stands there already.
    """
    if any(article.label == label for article in instrument.read):
        raise Refusal(f"{label}已经登记。")
    article = Article(label=label, gist=gist, position=len(instrument.read), entered_by_id=actor.id)
    instrument.read.append(article)
    session.flush()
    journal.record(session, "law.article", None, actor, code=instrument.code, label=label)
    return article


def confirm(session: orm.Session, actor: User, article: Article) -> None:
    """Nothing; the article counts as checked. Raises Refusal for the person who entered it."""
    if confirming.is_same(session, article.entered_by_id, actor):
        raise Refusal("条文应由另一人核对。")
    article.checked, article.checked_by_id = True, actor.id
    session.flush()
    journal.record(session, "law.confirm", None, actor, code=article.instrument_code, label=article.label)


def _instrument(row: dict[str, str]) -> Instrument:
    since = _day(row["in_force_from"], last=False)
    adopted = row["adopted_on"] or row["in_force_from"]
    return Instrument(
        **{
            name: row[name]
            for name in (
                *("code", "title", "short_title", "number", "kind", "issued_by", "replaces"),
                "applies_to",
            )
        },
        year=int(adopted[:4]) if adopted[:4].isdecimal() else None,
        in_force_from=since,
        in_force_to=_day(row["in_force_to"], last=True),
        articles=int(row["articles"]) if row["articles"] else None,
        state=row["status"],
        as_of=_day(row["as_of"], last=False),
    )


def _day(text: str, last: bool) -> dt.date | None:
    """The day of 2026-01-01; of 2025-04 and 2020 the first day, or for an end the day before it.

    A day nobody saw is read so that the two versions around it leave no gap in which nothing could be cited.
    """
    parts = [int(part) for part in text.split("-")] if text else []
    if not parts:
        return None
    if len(parts) == 3:
        return dt.date(*parts)
    first = dt.date(parts[0], parts[1] if len(parts) > 1 else 1, 1)
    return first - dt.timedelta(1) if last else first
