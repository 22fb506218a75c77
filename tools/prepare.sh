# Sourced by ./run, ./test and ./manage: the project's own environment, ready.
# Says what it does; names what is missing and the command that installs it.
# shellcheck shell=sh

set -eu
PROJECT=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
case "$PROJECT" in */.ci) PROJECT=$(dirname -- "$PROJECT") ;; esac
# A relative home is relative to where the person typed it, not to the project.
case "${OPENREGION_HOME:-/}" in
/*) ;;
*) OPENREGION_HOME=$(pwd)/$OPENREGION_HOME && export OPENREGION_HOME ;;
esac
cd "$PROJECT"
export DJANGO_SETTINGS_MODULE=openregion.settings
export PYTHONUTF8=1
VENV=$PROJECT/.venv
PYTHON=$VENV/bin/python

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null 2>&1 || continue
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$name"; return; }
    done
    stop "Python 3.11 or later is missing. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
}

# install LOCK: one environment, exactly the locked versions, checked by hash.
install() {
    lock=$1
    if [ ! -x "$PYTHON" ] || ! "$PYTHON" -c 'import sys' 2>/dev/null; then
        base=$(find_python) || exit 1
        say "Making the environment in .venv ($("$base" --version))…"
        rm -rf "$VENV"
        "$base" -m venv "$VENV" >/dev/null 2>&1 || {
            rm -rf "$VENV"
            stop "Python cannot make an environment. On Debian or Ubuntu: sudo apt-get install python3-venv"
        }
    fi
    wanted=$(cksum <"$lock")
    stamp=$VENV/installed-$(basename "$lock")
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        say "Installing the locked dependencies ($(basename "$lock")); a few minutes the first time…"
        "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-input \
            --require-hashes --only-binary :all: -r "$lock" >&2 ||
            stop "The dependencies could not be installed. Check the network (or your pip settings), then run this again: it goes on where it stopped."
        printf '%s' "$wanted" >"$stamp"
    fi
}

# The home must be ours to write in before anything else is tried.
home_ready() {
    home=${OPENREGION_HOME:-$PROJECT/var}
    if ! mkdir -p "$home" 2>/dev/null || [ ! -w "$home" ]; then
        stop "The home $home cannot be written to. Give it to the user who runs this, or name another: OPENREGION_HOME=…"
    fi
}

# One preparation at a time: ./run and ./test may be started together.
with_lock() {
    mkdir -p "$PROJECT/.venv-lock" 2>/dev/null || true
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$PROJECT/.venv-lock/lock"
        flock 9
    fi
    "$@"
    if command -v flock >/dev/null 2>&1; then exec 9>&-; fi
}
