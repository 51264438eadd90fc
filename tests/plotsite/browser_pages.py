"""Images in a browser: what is shown and how it was loaded."""

from typing import Any

from playwright.sync_api import Page

PLOT = ".plot img"

PATHS = [
    "/",
    "/presets/share-growth/",
    "/presets/share-growth/?linewidth=thick&since=2010",
    "/plot/",
    "/plot/line/",
    "/plot/scatter/?source=penguins&x=bill_length_mm&y=bill_depth_mm&by=species",
    "/normal/0_1",
    "/nowhere/",
]


def pixels(page: Page, selector: str = PLOT) -> str:
    """Return the pixels of the first image as a data URI."""
    return page.locator(selector).first.evaluate(
        """async image => {
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            canvas.getContext("2d").drawImage(image, 0, 0);
            return canvas.toDataURL();
        }"""
    )


def shown(page: Page, selector: str = PLOT) -> str:
    """Return the URL of the loaded image that the browser selected."""
    image = page.locator(selector).first
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") > 100
    return image.evaluate("image => image.currentSrc")


class Network:
    """How images were loaded, according to the browser's developer tools."""

    def __init__(self, page: Page) -> None:
        self.served: dict[str, str] = {}
        urls: dict[str, str] = {}

        def sent(event: dict[str, Any]) -> None:
            urls[event["requestId"]] = event["request"]["url"]

        def received(event: dict[str, Any]) -> None:
            # A request that was sent before this object existed has no URL.
            if url := urls.get(event["requestId"]):
                cached = event["response"].get("fromDiskCache")
                self.served.setdefault(url, "cache" if cached else "network")

        def extra(event: dict[str, Any]) -> None:
            # Other events report a 304 as 200.
            if event["statusCode"] == 304 and (url := urls.get(event["requestId"])):
                self.served[url] = "304"

        def from_cache(event: dict[str, Any]) -> None:
            if url := urls.get(event["requestId"]):
                self.served[url] = "cache"

        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", sent)
        session.on("Network.responseReceived", received)
        session.on("Network.responseReceivedExtraInfo", extra)
        session.on("Network.requestServedFromCache", from_cache)
        session.send("Network.enable")

    def of(self, part: str) -> str:
        """Return how the only image with ``part`` in its URL was loaded since the last call."""
        (served,) = (how for url, how in self.served.items() if part in url)
        self.served.clear()
        return served
