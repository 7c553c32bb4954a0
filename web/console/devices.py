"""A browser in words, as an officer would name it, and where it is as far as that may be kept."""

from ipaddress import ip_address

# The first that fits: almost every browser also calls itself by the names of others.
_BROWSERS = (
    ("Zalo", "Zalo"),
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Names of browser and system ("Chrome, Windows"), "" where it names neither; never what it said itself."""
    found = [next((name for sign, name in names if sign in user_agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))


def coarse(address: str) -> str:
    """The half of an address that names a network and no line: "113.160.x.x", "2402:800::"; "" where it is none."""
    try:
        known = ip_address(address.partition("/")[0])
    except ValueError:
        return ""
    if known.version == 4:
        return ".".join(str(known).split(".")[:2]) + ".x.x"
    return ":".join(known.exploded.split(":")[:2]) + "::"
