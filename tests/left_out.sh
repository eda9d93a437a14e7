#!/bin/sh
# The last lines of `make test`: which halves of the tests this machine could not run.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo "Left out: every test on PostgreSQL (no server here)."
command -v pdftotext >/dev/null || echo "Left out: reading certificates back (no poppler here)."
command -v faketime >/dev/null || echo "Left out: workers whose clock jumps (no faketime here)."
[ "$(id -u)" = 0 ] || echo "Left out: full and read-only disks (mounting one needs root)."
command -v node >/dev/null || echo "Left out: the process that measures npm feelin (no node here)."
command -v "${MOUQATAA_PATRONI:-patroni}" >/dev/null && command -v etcd >/dev/null || echo "Left out: the failover of a cluster (no Patroni and etcd here)."
[ -n "$MOUQATAA_TEST_DATA" ] || echo "Left out: tests on outside data (MOUQATAA_TEST_DATA is not set)."
exit 0
