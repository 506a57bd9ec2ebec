"""The link in a mail's List-Unsubscribe: a page that asks, a click that counts, a forgery that leads nowhere."""

import aiohttp

from tearoff.actions import unsubscribes
from tearoff.store import suppressions
from tearoff.store.secrets import Cipher

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def suppressed(db, project) -> set[str]:
    async with db.transaction() as tx:
        return await suppressions.find(tx, project_id=project, kind="email", values=["a@example.test"])


async def test_one_click_ends_the_mail_and_a_look_at_the_page_does_not(db, project, site, base_url) -> None:
    url = unsubscribes.link(site.cipher, base_url, project_id=project, kind="email", value="a@example.test")
    async with aiohttp.ClientSession() as anybody:
        async with anybody.get(url) as page:
            assert page.status == 200
            assert "<button>" in await page.text()
        assert await suppressed(db, project) == set()
        for _ in range(2):
            async with anybody.post(url, data=ONE_CLICK) as answer:
                assert answer.status == 200
    assert await suppressed(db, project) == {"a@example.test"}


async def test_a_link_that_we_did_not_make_leads_nowhere(project, base_url) -> None:
    forged = unsubscribes.link(Cipher("somebody else's key"), base_url, project_id=project, kind="email", value="a@b.c")
    async with aiohttp.ClientSession() as anybody:
        for url in (forged, f"{base_url}/u/not-a-token", f"{base_url}/u/%FF"):
            async with anybody.post(url, data=ONE_CLICK) as answer:
                assert answer.status == 404
