#!/bin/sh
# Debian packages that pip cannot bring.  Says first what it will install, and what it may not.
# "run": only what rendering a PDF needs; otherwise also PostgreSQL, poppler and faketime, for the tests.
need=""
has() { ldconfig -p 2>/dev/null | grep -q "$1" || need="$need $2"; }
has libpango-1.0.so libpango-1.0-0
has libpangoft2-1.0.so libpangoft2-1.0-0
has libharfbuzz-subset.so libharfbuzz-subset0
if [ "$1" != run ]; then
    command -v pdftotext >/dev/null || need="$need poppler-utils"
    command -v openssl >/dev/null || need="$need openssl"
    command -v faketime >/dev/null || need="$need faketime"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need="$need postgresql"
fi
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian packages:$need"
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $need >/dev/null && exit 0
fi
echo "Not installed (needs root on Debian): apt-get install$need"
exit 0
