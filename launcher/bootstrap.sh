# Sourced by ./run: packages and the Python environment, before any Python can be relied on.
# Every sentence goes to stderr, so that `./run wangge ... --json` keeps stdout for itself.

venv=.run/venv
step_number=0
step_total=0

fail() { # CHINESE ENGLISH: one clear sentence, and out
    printf '\n✗ %s\n  %s\n' "$1" "$2" >&2
    exit 1
}

step() { # CHINESE ENGLISH ADVICE COMMAND...: one numbered step, its output kept in a log
    local chinese=$1 english=$2 advice=$3 began=$SECONDS
    shift 3
    step_number=$((step_number + 1))
    mkdir -p .run/logs || fail "不能在项目目录里写 .run：请检查权限。" "Cannot write .run here."
    local log=.run/logs/bootstrap-$step_number.log
    printf '[%d/%d] %s %s ... ' "$step_number" "$step_total" "$chinese" "$english" >&2
    if "$@" >"$log" 2>&1; then
        printf '%d s\n' $((SECONDS - began)) >&2
    else
        printf '失败 failed\n%s\n' "$(tail -n 15 "$log" | cut -c 1-300 | sed 's/^/    | /')" >&2
        fail "第 $step_number/$step_total 步（$chinese）失败：$advice" \
            "Step $step_number ($english) failed. Whole log: $log"
    fi
}

check_not_running() { # before the port, which would only say that somebody has it
    if [[ -f .run/demo.address ]] && ! flock --nonblock .run/demo.lock true; then
        fail "演示已经在运行：$(<.run/demo.address)" "The demo is running already."
    fi
}

check_port() { # refused before anything is installed; the launcher binds it in earnest later
    [[ $1 =~ ^[0-9]+$ ]] && ((10#$1 >= 1 && 10#$1 <= 65535)) ||
        fail "PORT=$1 不是端口号：请用 1 到 65535 的数字。" "PORT must be a number from 1 to 65535."
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        fail "端口 $1 已被占用：换一个端口，例如 PORT=$((10#$1 % 65535 + 1)) ./run demo" \
            "Port $1 is in use: choose another with PORT=..."
    fi
}

check_room() { # LOCK: installing takes more than starting again
    local free needed_megabytes=1500
    [[ $1 == runtime ]] || needed_megabytes=2500
    ! environment_current "$1" || needed_megabytes=300
    free=$(df -Pm . | awk 'NR == 2 {print $4}')
    ((free >= needed_megabytes)) ||
        fail "磁盘只剩 ${free} MB：请先腾出至少 ${needed_megabytes} MB。" \
            "Only ${free} MB of disk left: ${needed_megabytes} MB are needed."
}

usable_python() { # prints a Python >= 3.11 that can make environments
    local candidate
    for candidate in /usr/bin/python3 python3; do
        if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

has_postgis() {
    local server
    for server in /usr/lib/postgresql/*/bin/initdb; do
        server=${server#/usr/lib/postgresql/}
        [[ -f /usr/share/postgresql/${server%%/*}/extension/postgis.control ]] && return
    done
    return 1
}

missing_packages() { # NEED...: the Debian packages this machine still lacks
    local need
    for need in "$@"; do
        case $need in
        python)
            usable_python >/dev/null || echo python3 python3-venv
            ;;
        database)
            has_postgis || echo postgresql postgresql-postgis
            command -v redis-server >/dev/null || echo redis-server
            command -v setpriv >/dev/null || echo util-linux
            ;;
        browser)
            command -v chromium >/dev/null || echo chromium
            compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || echo fonts-noto-cjk
            ;;
        esac
    done
}

install_packages() { # PACKAGE...
    if ((EUID == 0)); then
        bash launcher/packages.sh "$@"
    else
        sudo bash launcher/packages.sh "$@"
    fi
}

packages_step() { # PACKAGE...
    if (($# > 0)); then
        command -v apt-get >/dev/null ||
            fail "缺少 $*，而这里没有 apt-get：请自行安装后再试（本项目面向 Debian 12/13）。" \
                "Missing: $*. Install them; there is no apt-get here."
        ((EUID == 0)) || command -v sudo >/dev/null ||
            fail "缺少 $*，安装需要管理员：请用 root 执行 apt-get install $* 后再试。" \
                "Missing packages, no root and no sudo: ask an administrator to install them."
        step "系统软件包" "packages: $*" "请检查网络和软件源，然后再试一次。" install_packages "$@"
    else
        step "系统软件包" "packages" "" true
    fi
}

checksum() { sha256sum "$1" | cut -d ' ' -f 1; }

lock_file() { [[ $1 == runtime ]] && echo requirements.lock || echo requirements-dev.lock; }

environment_current() { # LOCK: the environment holds exactly what that lock says
    "$venv/bin/python" -c '' 2>/dev/null &&
        [[ $(cat "$venv/$1.sha256" 2>/dev/null) == "$(checksum "$(lock_file "$1")")" ]]
}

make_environment() { # LOCK
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 ||
        "$(usable_python)" -m venv --clear "$venv" || return
    rm -f "$venv"/*.sha256
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore \
        "$venv/bin/python" -m pip install --progress-bar off --require-hashes \
        -r "$(lock_file "$1")" || return
    checksum requirements.lock >"$venv/runtime.sha256" || return
    # The development lock holds everything the runtime lock does, at the same versions.
    [[ $1 == runtime ]] || checksum requirements-dev.lock >"$venv/development.sha256"
}

prepare_machine() { # LOCK NEED...: steps 1 and 2; silent for the command line when all is there
    local lock=$1 missing
    shift
    missing=$(missing_packages "$@" | tr '\n' ' ')
    if [[ -z ${missing// /} && $verb =~ ^(wangge|lint|bench)$ ]] && environment_current "$lock"; then
        step_number=2
        return
    fi
    # shellcheck disable=SC2086  # package names, split on purpose
    packages_step $missing
    if environment_current "$lock"; then
        step "Python 环境" "environment" "" true
    else
        step "Python 环境" "environment" "请检查网络（或 pip 的镜像设置），然后再试一次。" \
            make_environment "$lock"
    fi
}

needs_database() { # ARGUMENT...: does this wangge command need one?
    local word
    for word in "$@"; do [[ $word == --help ]] && return 1; done
    case ${1:-} in '' | -* | match | households | verify | words) return 1 ;; esac
}

list_benchmarks() {
    # What others measure with has no main and is no benchmark.
    grep -l '__main__' benchmarks/[a-z]*.py | xargs -n 1 basename -s .py | tr '\n' ' '
}
