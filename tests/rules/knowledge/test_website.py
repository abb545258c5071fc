"""A website as a source, over real HTTP: read politely, within its host, and never inward."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from bot.knowledge.sources import SourceMissing, SourceReading
from bot.knowledge.sync import sync_source
from bot.knowledge.terms import message_terms
from bot.knowledge.web.network_addresses import (
    AddressRules,
    ForbiddenAddress,
    is_intranet,
    is_public,
)
from bot.knowledge.web.sitemap import NoSitemap, read_sitemap
from bot.knowledge.website import Website
from storage.db.database import Store
from storage.knowledge.passage_search import search_passages
from storage.knowledge.values import SyncReport
from tests.support.website import Answer, LocalWebsite, local_website

TEA = "<h1>Tea</h1><p>Teapots pour well.</p>"


@pytest.fixture
def site() -> Iterator[LocalWebsite]:
    """A website with two pages and a sitemap."""
    with local_website() as served:
        served.page("/tea", TEA, "<title>Tea</title>")
        served.page("/cups", "<h1>Cups</h1><p>Cups hold a quarter of a litre.</p>")
        served.sitemap("/tea", "/cups")
        yield served


def website(site: LocalWebsite, path: str = "/", **more: Any) -> Website:
    rules = AddressRules(frozenset((site.host,)))
    return Website(f"{site.url}{path}", **{"delay": 0, "rules": rules, **more})


def titles(reading: SourceReading) -> list[str]:
    return sorted(each.title for each in reading.articles)


def why(reading: SourceReading) -> list[str]:
    return [each.reason for each in reading.unread]


async def test_a_website_is_read_and_followed(database: Store, site: LocalWebsite) -> None:
    """Pages are asked for anew with their validators; what went is taken off."""
    first = await sync_source(database, website(site))
    site.page("/cups", "<h1>Cups</h1><p>Cups are blue.</p>")
    again = await sync_source(database, website(site))
    site.answers["/tea"] = Answer(status=404)
    third = await sync_source(database, website(site))

    assert first.report == SyncReport(2, 0, 0, 0)
    assert again.report == SyncReport(0, 1, 0, 1)
    assert third.report == SyncReport(0, 0, 1, 1)
    assert third.left_out == {"gone": 1}
    assert ("/tea", True) in site.asked
    (hit, *_) = await database.read(search_passages, message_terms("cups blue"), language="en")
    assert hit.passage.url == f"{site.url}/cups"
    assert hit.passage.source == f"{site.host}/cups"


async def test_a_page_that_cannot_be_had_for_now_stays_and_a_closed_one_goes(
    database: Store, site: LocalWebsite
) -> None:
    """A server in trouble says nothing about its pages; one that closes a page does."""
    await sync_source(database, website(site))
    site.answers["/tea"] = Answer(status=503)
    site.answers["/cups"] = Answer(status=403)
    synced = await sync_source(database, website(site))

    assert {each.source.rpartition("/")[2]: each.kept for each in synced.unread} == {
        "tea": True,
        "cups": False,
    }
    assert [each.reason for each in synced.withdrawn] == ["is closed (403)"]
    assert synced.report == SyncReport(0, 0, 1, 1)


async def test_a_website_that_is_down_takes_nothing_away(
    database: Store, site: LocalWebsite
) -> None:
    """Like a drive that is not mounted."""
    await sync_source(database, website(site))
    site.answers["/robots.txt"] = Answer(status=500)
    synced = await sync_source(database, website(site))

    assert synced.report is None
    assert "robots.txt cannot be read (500)" in synced.problems[0]


def test_robots_and_noindex_are_heeded_and_counted(site: LocalWebsite) -> None:
    """In robots.txt, in a header and in a page."""
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /priv*te\n")
    site.page("/private/a", TEA)
    site.page("/head", TEA, **{"X-Robots-Tag": "noindex"})
    site.page("/meta", TEA, '<meta name="robots" content="noindex, nofollow">')
    site.sitemap("/tea", "/private/a", "/head", "/meta")
    reading = website(site).read()

    assert titles(reading) == ["Tea"]
    assert reading.left_out == {"robots.txt": 1, "noindex": 2}
    assert "/private/a" not in site.paths()


def test_sitemaps_are_found_in_robots_in_an_index_and_packed(site: LocalWebsite) -> None:
    """Each page once, whatever names it."""
    index = "".join(
        f"<sitemap><loc>{site.url}/{name}</loc></sitemap>" for name in ("a.xml", "b.gz")
    )
    site.answers["/maps.xml"] = Answer(f"<sitemapindex>{index}</sitemapindex>".encode())
    site.answers["/robots.txt"] = Answer(f"Sitemap: {site.url}/maps.xml\n".encode())
    del site.answers["/sitemap.xml"]
    site.sitemap("/tea", "/tea", at="/a.xml")
    site.sitemap("/cups", at="/b.gz", packed=True)
    reading = website(site).read()

    assert titles(reading) == ["Cups", "Tea"]
    assert {str(each.updated_on) for each in reading.articles} == {"2026-10-01"}
    assert sorted(site.paths()) == ["/a.xml", "/b.gz", "/cups", "/maps.xml", "/tea"]


def test_only_pages_of_the_host_and_below_the_address_are_read(site: LocalWebsite) -> None:
    """A sitemap may name what it likes."""
    site.page("/help/tea", TEA)
    site.sitemap(
        "/tea", "/help/tea", "http://elsewhere.example/tea", "http://10.0.0.1/", "file:///a"
    )
    reading = website(site, "/help").read()

    assert titles(reading) == ["Tea"]
    assert reading.left_out == {"elsewhere": 4}


def test_listed_pages_need_no_sitemap(site: LocalWebsite) -> None:
    """The desk says which."""
    del site.answers["/sitemap.xml"]
    reading = website(site, pages=(f"{site.url}/tea",)).read()
    with pytest.raises(SourceMissing, match="has no sitemap; list its pages"):
        website(site).read()

    assert titles(reading) == ["Tea"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://elsewhere.example/", "leads to another host, elsewhere.example"),
        ("http://169.254.169.254/latest/meta-data/", "leads to another host"),
        ("http://[::1]/", "leads to another host"),
        ("file:///etc/passwd", "expected http"),
        ("http://user@127.0.0.1/", "user's name"),
        ("/tea", "leads in a circle"),
    ],
)
def test_a_page_that_leads_elsewhere_is_named_and_not_followed(
    site: LocalWebsite, location: str, reason: str
) -> None:
    """Each redirect is checked like the first address."""
    site.answers["/tea"] = Answer(status=302, headers={"Location": location})
    reading = website(site).read()

    assert titles(reading) == ["Cups"]
    assert len(reading.unread) == 1
    assert reason in why(reading)[0]


def test_a_redirect_within_the_host_is_followed(site: LocalWebsite) -> None:
    """The article links to where the page is now."""
    site.answers["/old"] = Answer(status=301, headers={"Location": "/tea"})
    site.sitemap("/old")
    (article,) = website(site).read().articles

    assert (article.url, article.title) == (f"{site.url}/tea", "Tea")


def test_sizes_kinds_and_numbers_are_bounded(site: LocalWebsite) -> None:
    """One page too large costs no other; what holds no text is named; the most are counted."""
    site.answers["/large"] = Answer(b"x" * 10_000_001, headers={"Content-Type": "text/html"})
    site.answers["/picture"] = Answer(b"\x89PNG", headers={"Content-Type": "image/png"})
    site.sitemap("/large", "/picture", "/tea", "/cups")
    reading = website(site, most=3).read()

    assert titles(reading) == ["Tea"]
    assert why(reading)[0] == "is too large"
    assert len(reading.unread) == 2
    assert reading.left_out == {"too many pages": 1}


def test_a_page_says_for_whom_it_is(site: LocalWebsite) -> None:
    """As a file does; the website's own audience is what it says without."""
    site.page("/tea", TEA, '<meta content="agents" name="audience">')
    by_title = {each.title: each.audience for each in website(site).read().articles}
    hidden = {each.audience for each in website(site, audience="agents").read().articles}

    assert by_title == {"Tea": "agents", "Cups": "public"}
    assert hidden == {"agents"}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/",
        "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/", "http://100.64.0.1/",
        "http://[fd00::1]/", "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/",
        "http://[64:ff9b::7f00:1]/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/",
        "http://127.1/", "http://168.63.129.16/", "http://224.0.0.1/", "http://[::]/",
    ],
)  # fmt: skip
def test_nothing_is_fetched_from_inside(url: str) -> None:
    """However the address is spelled."""
    with pytest.raises(SourceMissing, match=r"not public|no plain host|has no address"):
        Website(url, delay=0).read()


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/", "http://example.com:22/", "http://u:p@example.com/", "http:///x",
     "http://exa\\mple.com/", "http://example.com:x/", "http://[::1/"],
)  # fmt: skip
def test_odd_addresses_are_refused(url: str) -> None:
    """Before any name is looked up."""
    with pytest.raises(ForbiddenAddress):
        AddressRules().place(url)


def test_a_listed_host_is_an_intranets_and_never_a_clouds() -> None:
    """Listing a host opens that host; the metadata of a cloud stays closed."""
    rules = AddressRules(frozenset(("127.0.0.1", "169.254.169.254")))

    assert rules.addresses("127.0.0.1", 80) == ["127.0.0.1"]
    with pytest.raises(ForbiddenAddress):
        rules.addresses("169.254.169.254", 80)
    with pytest.raises(ForbiddenAddress):
        rules.addresses("127.0.0.2", 80)
    assert is_public(ip_address("93.184.216.34"))
    assert is_public(ip_address("2606:4700::6810:84e5"))
    assert not is_intranet(ip_address("fe80::1"))


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>no</body></html>",
        b"<urlset><url>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>',
        b"<",
    ],
)
def test_what_is_no_sitemap_is_refused(data: bytes) -> None:
    """Entities are not even read."""
    with pytest.raises(NoSitemap):
        read_sitemap(data)
