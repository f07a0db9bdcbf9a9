# SPDX-License-Identifier: Apache-2.0
"""nginx as it is measured beside typebar: one process, no log."""

CONFIGURATION = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}}}
"""


def configure(folder, connections, http):
    """Writes `nginx.conf` there; `http` is what its `http` block has of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, connections=connections, http=http))
