"""Where a page may be fetched from: public addresses only, unless the desk lists a host.

A website, or whoever writes its links, must not lead the bot to what only the bot's own network
reaches: loopback, private networks, the metadata service of a cloud.
"""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

IpAddress = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
# Global by their registration, and yet a cloud's own: Azure's agent.
CLOUDS = frozenset((ip_address("168.63.129.16"),))
# IPv6 that stands for IPv4: NAT64 (RFC 6052, RFC 8215), and 6to4, whose IPv4 comes first.
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9-]{1,63}")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)")


class ForbiddenAddress(Exception):
    """An address that nothing is fetched from; the sentence says why."""


@dataclass(frozen=True)
class Place:
    """A host and a port, and the scheme that is spoken there."""

    scheme: str
    host: str
    port: int

    @property
    def listed_as(self) -> frozenset[str]:
        """How a desk may list it."""
        return frozenset((self.host, f"{self.host}:{self.port}"))


@dataclass(frozen=True)
class AddressRules:
    """What may be fetched from.

    `private_hosts` are the hosts of an intranet that may: a name or an address, with its port where
    that is not the usual one.
    """

    private_hosts: frozenset[str] = frozenset()

    def place(self, url: str) -> Place:
        """Where a URL leads.

        Raises:
            ForbiddenAddress: another scheme, a user's name in it, an unusual port, no plain host.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
            host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
        except (ValueError, UnicodeError):
            raise ForbiddenAddress(f"{url}: is no address") from None
        if parts.scheme not in PORTS:
            raise ForbiddenAddress(f"{url}: expected http:// or https://")
        if "@" in parts.netloc or "\\" in url:
            raise ForbiddenAddress(f"{url}: an address with a user's name is not fetched")
        place = Place(parts.scheme, host, port or PORTS[parts.scheme])
        if place.port not in PORTS.values() and f"{host}:{place.port}" not in self.private_hosts:
            raise ForbiddenAddress(f"{url}: port {place.port} is not fetched from")
        if not _is_host(host):
            raise ForbiddenAddress(f"{url}: is no plain host")
        return place

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, all of them allowed.

        Raises:
            ForbiddenAddress: one of them is not, or there is none.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise ForbiddenAddress(f"{host}: has no address") from None
        listed = bool({host, f"{host}:{port}"} & self.private_hosts)
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        for each in addresses:
            address = ip_address(each.partition("%")[0])
            if not (is_public(address) or (listed and is_intranet(address))):
                raise ForbiddenAddress(f"{host}: leads to {address}, which is not public")
        return addresses


def is_public(address: IpAddress) -> bool:
    """Whether everybody on the internet reaches an address."""
    plain = _plain(address)
    return (
        plain.is_global
        and plain not in CLOUDS
        and not (plain.is_multicast or plain.is_reserved or plain.is_unspecified)
        and not (isinstance(plain, IPv6Address) and plain.is_site_local)
    )


def is_intranet(address: IpAddress) -> bool:
    """Whether an address may be a host of an intranet: the metadata of a cloud is none."""
    plain = _plain(address)
    odd = plain.is_link_local or plain.is_multicast or plain.is_unspecified
    return not odd and plain not in CLOUDS and plain != ip_address("fd00:ec2::254")


def _plain(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address stands for, where it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    embedded = address.ipv4_mapped or address.sixtofour
    if embedded is None and address.teredo:
        embedded = address.teredo[1]
    compatible = int(address) >> 32 == 0 and int(address) > 0xFFFF
    return embedded or (IPv4Address(int(address)) if compatible else address)


def _is_host(host: str) -> bool:
    """Whether a host is a name, or an address in its plain form: not 0x7f.1, 0177.0.0.1, 127.1."""
    try:
        ip_address(host)
    except ValueError:
        numeric = _NUMBER.fullmatch(host.rpartition(".")[2]) is not None
        return not numeric and _NAME.fullmatch(host) is not None
    return True
