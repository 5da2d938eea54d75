# shellcheck shell=bash
# Getting what is missing: Debian packages (as root), artifacts from Maven's repository.

apt_works() { is_root && have apt-get && [ "${FARANDOLE_APT:-auto}" != never ]; }

# apt_install PACKAGE...: installs them, and lets no package start a server of the system's.
apt_install() {
    local policy=/usr/sbin/policy-rc.d ours="" status=0
    say "installing from the distribution's packages: $* (this happens once)"
    mkdir -p /etc/postgresql-common/createcluster.d
    printf '%s\n' 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/farandole.conf
    if ! [ -e "$policy" ]; then
        printf '%s\n' '#!/bin/sh' 'exit 101' >"$policy"
        chmod 755 "$policy"
        ours=yes
    fi
    (
        export DEBIAN_FRONTEND=noninteractive
        timeout 300 apt-get -qq -o DPkg::Lock::Timeout=120 update </dev/null >/dev/null 2>&1 || true
        timeout 600 apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends install "$@" </dev/null
    ) >"$services_home/apt.log" 2>&1 9>&- || status=$?
    if [ -n "$ours" ]; then
        rm -f "$policy"
    fi
    rm -f /etc/postgresql-common/createcluster.d/farandole.conf
    if [ "$status" != 0 ]; then
        say "  apt-get install $* failed; last lines of $services_home/apt.log:"
        tail -n 5 "$services_home/apt.log" >&2
    fi
    return "$status"
}

# maven_fetch GROUP:ARTIFACT:VERSION DIRECTORY
maven_fetch() {
    local maven=${MAVEN_HOME:+$MAVEN_HOME/bin/mvn}
    [ -n "$maven" ] && [ -x "$maven" ] || maven=$(command -v mvn || true)
    if [ -z "$maven" ] && apt_works; then
        apt_install maven || true
        maven=$(command -v mvn || true)
    fi
    [ -n "$maven" ] || return 1
    mkdir -p "$2"
    timeout 300 "$maven" -B -q org.apache.maven.plugins:maven-dependency-plugin:3.10.0:copy \
        -Dartifact="$1" -DoutputDirectory="$2" -Dmdep.useBaseVersion=true </dev/null >&2 9>&-
}
