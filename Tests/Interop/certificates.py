"""Certificates of a test's own, as files and as TLS contexts of servers."""

import datetime
import ssl

import trustme


class Authority:
    """A certificate authority whose certificate is in `file`."""

    def __init__(self, folder):
        self.folder, self.made = folder, 0
        self.ca = trustme.CA()
        self.file = folder / "ca.pem"
        self.ca.cert_pem.write_to_path(self.file)

    def issue(self, *names, expired=False, common_name=None, key_type=trustme.KeyType.ECDSA):
        """A certificate for these hosts, with its chain, and its key: two files."""
        when = {"common_name": common_name} if common_name else {}
        if expired:
            now = datetime.datetime.now(datetime.timezone.utc)
            when |= {"not_before": now - datetime.timedelta(days=30), "not_after": now - datetime.timedelta(days=1)}
        issued = self.ca.issue_cert(*names, key_type=key_type, **when)
        self.made += 1
        certificate, key = (self.folder / f"{kind}-{self.made}.pem" for kind in ("certificate", "key"))
        for index, blob in enumerate(issued.cert_chain_pems):
            blob.write_to_path(certificate, append=index > 0)
        issued.private_key_pem.write_to_path(key)
        return certificate, key

    def server(self, *names, expired=False, clients=None, version=None):
        """The TLS of a server by these names; `clients` is the authority whose certificates it asks clients for."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.issue(*names, expired=expired))
        if version:
            context.minimum_version = context.maximum_version = version
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients.file)
        return context
