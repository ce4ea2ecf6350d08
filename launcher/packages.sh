#!/usr/bin/env bash
# Installs Debian packages as root, leaving no system cluster and no daemon behind.
#
# Debian's postgresql creates and starts a cluster of its own, redis-server starts a daemon. We use
# private ones, so both are held back while installing, and the two switches are put back after.
set -Eeuo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

no_cluster=/etc/postgresql-common/createcluster.d/wangge-installing.conf
policy=/usr/sbin/policy-rc.d

made_folder=
put_back() {
    rm -f "$no_cluster"
    if [[ -n $made_folder ]]; then rmdir --ignore-fail-on-non-empty "$made_folder"; fi
    rm -f "$policy"
    if [[ -e $policy.wangge ]]; then mv "$policy.wangge" "$policy"; fi
}
trap put_back EXIT
trap 'exit 1' INT TERM HUP

redis_was_here=$(command -v redis-server || true)

if [[ -e $policy && ! -e $policy.wangge ]]; then mv "$policy" "$policy.wangge"; fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"
if [[ ! -d ${no_cluster%/*} ]]; then
    made_folder=${no_cluster%/*}
    mkdir -p "$made_folder"
fi
echo 'create_main_cluster = false' >"$no_cluster"

apt_get() { apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@"; }
apt_get update
apt_get install --yes --no-install-recommends "$@"
# Ledgers as PDF embed its characters. Without it they name the reader's own font, so that a source
# which lacks it holds nothing up.
apt_get install --yes --no-install-recommends fonts-wqy-zenhei || true

# Installed and not started, but it would start with the next boot.
if [[ -z $redis_was_here && -d /run/systemd/system ]]; then
    systemctl disable --quiet redis-server.service || true
fi
