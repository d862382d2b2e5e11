# Sourced by ./demo, ./practice and ./test: what building needs, which of it is missing, and how to get it.

# True when apt-get can install for us.
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# Debian package of a missing tool.
package_of() {
  case "$1" in
    cc) echo gcc libc6-dev ;;
    ssh-keygen) echo openssh-client ;;
    script) echo bsdutils ;;
    *) echo "$1" ;;
  esac
}

# Rust of at least the version in Cargo.toml.
rust_is_new_enough() {
  local wanted have
  wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
  have=$(rustc --version 2>/dev/null | sed -n 's/^rustc \([0-9.]*\).*/\1/p')
  [ -n "$have" ] && [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -n 1)" = "$wanted" ]
}

# python3 is needed for testing alone: the second verifier of evidence is written in it.
python_is_new_enough() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; }

# needs_for_building [TOOL…]: with these besides.
needs_for_building() {
  local tool missing=() packages=()
  for tool in cc make perl "$@"; do
    command -v "$tool" >/dev/null 2>&1 || missing+=("$tool")
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    for tool in "${missing[@]}"; do
      # shellcheck disable=SC2207  # package names hold no spaces
      packages+=($(package_of "$tool"))
    done
    printf 'missing: %s\n' "${missing[*]}" >&2
    if can_install; then
      printf 'installing %s …\n' "${packages[*]}" >&2
      { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >/dev/null 2>&1
    fi
    for tool in "${missing[@]}"; do
      if ! command -v "$tool" >/dev/null 2>&1; then
        printf '%s is missing\n  → on Debian, as root: apt-get install %s\n' "$tool" "${packages[*]}" >&2
        return 1
      fi
    done
  fi
  if ! command -v cargo >/dev/null 2>&1; then
    printf 'cargo (Rust) is missing\n  → install Rust with rustup, as https://www.rust-lang.org/tools/install says, and open a new shell\n' >&2
    return 1
  fi
  if ! rust_is_new_enough; then
    printf 'Rust is too old: %s, and %s or newer is needed\n  → run `rustup update stable`; the cargo of older Debian releases does not do\n' \
      "$(rustc --version 2>/dev/null || echo none)" "$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)" >&2
    return 1
  fi
}

# needs_crates TOOL…: cargo tools from the crates' registry, each unless it is there.
needs_crates() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 && continue
    printf 'installing %s (some minutes) …\n' "$tool" >&2
    if ! cargo install --locked --quiet "$tool" >&2 || ! command -v "$tool" >/dev/null 2>&1; then
      printf '%s cannot be had here\n  → cargo install --locked %s\n' "$tool" "$tool" >&2
      return 1
    fi
  done
}

# Chromium, Node.js and the two modules of tests/browser/package.json: for testing the caseworker's page.
needs_for_browser() {
  local modules="${CARGO_TARGET_DIR:-target}/browser" packages=()
  command -v chromium >/dev/null 2>&1 || [ -x /usr/bin/chromium-browser ] || [ -x /usr/bin/google-chrome ] || packages+=(chromium)
  command -v node >/dev/null 2>&1 || packages+=(nodejs)
  command -v npm >/dev/null 2>&1 || packages+=(npm)
  if [ "${#packages[@]}" -gt 0 ]; then
    printf 'missing: %s\n' "${packages[*]}" >&2
    if can_install; then
      printf 'installing %s …\n' "${packages[*]}" >&2
      { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >/dev/null 2>&1
    fi
    for tool in node npm; do
      if ! command -v "$tool" >/dev/null 2>&1; then
        printf '%s is missing\n  → on Debian, as root: apt-get install %s\n' "$tool" "${packages[*]}" >&2
        return 1
      fi
    done
  fi
  if ! cmp -s tests/browser/package.json "$modules/package.json" || [ ! -d "$modules/node_modules/playwright-core" ]; then
    mkdir -p "$modules" && cp tests/browser/package.json "$modules/" &&
      npm install --prefix "$modules" --no-package-lock --no-audit --no-fund --silent >/dev/null 2>&1
    if [ ! -d "$modules/node_modules/playwright-core" ]; then
      rm -f "$modules/package.json"
      printf 'the modules of tests/browser/package.json cannot be had\n  → see that npm reaches its registry, then try again; ./test --quick does without\n' >&2
      return 1
    fi
  fi
}
