#!/usr/bin/env bash
# Builds a release that anybody can build again, byte for byte; signs it; verifies it. See --help and docs/RELEASE.md.
set -u
shopt -s nullglob
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

usage() {
  cat <<'TEXT'
usage: scripts/release.sh build FOLDER            builds the commit that is checked out into FOLDER, which must not exist
       scripts/release.sh twice [FOLDER]          builds it twice, in two folders, and compares; keeps the one in FOLDER
       scripts/release.sh sign FOLDER KEY NAME    signs its sums with an SSH key (a file, or its .pub for an agent): SHA256SUMS.NAME.sig
       scripts/release.sh verify FOLDER SIGNERS   checks that two whom the file SIGNERS names have signed, and every file against the sums
       scripts/release.sh sbom FOLDER             writes the CycloneDX parts lists alone into FOLDER

Exit codes: 0 done, 1 it is not what it should be, 2 wrong usage, 3 something is missing on this machine.
TEXT
}

say() { printf 'release: %s\n' "$1" >&2; [ $# -lt 2 ] || printf '  → %s\n' "$2" >&2; }

namespace=safeconduct-release
# As with an authority's own signatures: one lost key, or one bad evening, is no release.
signed_by=2
programs=(safeconduct safeconduct-relay safeconduct-admin)

# The C compiler as the build sees it: under one name, with no folder of this machine in what it compiles. OpenSSL compiles in where
# it looks for a configuration, engines and modules: a folder of whoever built it otherwise, and now one that never exists.
write_compiler() {
  mkdir -p "$1" && cat >"$1/safeconduct-cc" <<'WRAPPER' && chmod 755 "$1/safeconduct-cc"
#!/usr/bin/env bash
given=()
for one in "$@"; do
  case "$one" in
    -DOPENSSLDIR=* | -DENGINESDIR=* | -DMODULESDIR=*) one="${one%%=*}=\"/nonexistent\"" ;;
  esac
  given+=("$one")
done
exec "$SAFECONDUCT_CC" "-ffile-prefix-map=$SAFECONDUCT_TARGET=/target" "-ffile-prefix-map=$SAFECONDUCT_CRATES=/crates" "${given[@]}"
WRAPPER
}

# compile SOURCES TARGET: the programs of the checkout in SOURCES, into TARGET/release.
compile() {
  local sources=$1 target=$2 crates sysroot flags
  crates=${CARGO_HOME:-$HOME/.cargo}/registry/src
  sysroot=$(cd "$sources" && rustc --print sysroot) || return 3
  flags="--remap-path-prefix=$sources=/safeconduct --remap-path-prefix=$target=/target"
  flags+=" --remap-path-prefix=$sysroot/lib/rustlib/src/rust=/rustc/$(cd "$sources" && rustc -vV | sed -n 's/^commit-hash: //p')"
  # The folder of a registry bears its name, and mirrors have others. What is fetched first now would not be in the list.
  (cd "$sources" && cargo fetch --locked --quiet) || { say 'the crates cannot be fetched' 'the network is needed once'; return 3; }
  for registry in "$crates"/*; do flags+=" --remap-path-prefix=$registry=/crates"; done
  write_compiler "$target/tools" || return 3
  (
    cd "$sources" || exit 3
    SAFECONDUCT_CC=$(command -v "${CC:-cc}") || exit 3
    unset CFLAGS CXXFLAGS CPPFLAGS LDFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_INCREMENTAL
    for name in $(compgen -v CARGO_PROFILE_); do unset "$name"; done
    export SAFECONDUCT_CC SAFECONDUCT_TARGET=$target SAFECONDUCT_CRATES=$crates PATH="$target/tools:$PATH" CC=safeconduct-cc
    export RUSTFLAGS=$flags CARGO_TARGET_DIR=$target LC_ALL=C TZ=UTC
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) || exit 3
    export SOURCE_DATE_EPOCH
    cargo build --locked --quiet --release -p safeconduct-client -p safeconduct-relay --bins &&
      cargo build --locked --quiet --release -p safeconduct-certs --features admin --bins
  ) || { say 'the build failed' 'the lines above say where'; return 1; }
}

# sbom SOURCES FOLDER: one parts list for each program.
sbom() {
  local sources=$1 folder=$2
  needs_crates cargo-cyclonedx || return 3
  mkdir -p "$folder" || return 3
  (
    cd "$sources" || exit 3
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) || exit 3
    export SOURCE_DATE_EPOCH
    cargo cyclonedx --quiet --format json --spec-version 1.5 --describe binaries --target x86_64-unknown-linux-gnu --features admin || exit 3
  ) || { say 'the parts lists cannot be made' 'the lines above say why'; return 3; }
  python3 scripts/parts.py "$sources" "$folder" "${programs[@]}"
}

# build SOURCES TARGET FOLDER: a release of the checkout in SOURCES.
build() {
  local sources=$1 target=$2 folder=$3
  compile "$sources" "$target" || return
  mkdir -p "$folder" || return 3
  for one in "${programs[@]}"; do install -m 755 "$target/release/$one" "$folder/$one" || return 3; done
  install -m 644 "$sources"/LICENSE-* "$sources/README.md" "$sources/CHANGELOG.md" "$folder/" || return 3
  cp -r "$sources/deploy" "$folder/deploy" || return 3
  sbom "$sources" "$folder" || return
  (
    cd "$sources" || exit 3
    printf 'commit: %s\n' "$(git rev-parse HEAD)"
    printf 'rust:   %s\n' "$(rustc --version)"
    printf 'c:      %s\n' "$("${CC:-cc}" --version | head -n 1)"
    printf 'linker: %s\n' "$(ld --version | head -n 1)"
    printf 'libc:   %s\n' "$(ldd --version 2>&1 | head -n 1)"
  ) >"$folder/BUILD"
  (cd "$folder" && find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS)
}

# as_summed FOLDER: whether each file that its sums name is there, and is the one.
as_summed() { (cd "$1" && sha256sum --check --quiet --strict SHA256SUMS) >&2; }

# A checkout of the commit, of its own: what is not committed is in no release.
checkout() { git clone --quiet --no-hardlinks . "$1" && git -C "$1" checkout --quiet --detach "$(git rev-parse HEAD)"; }

fresh() {
  if [ -e "$1" ]; then say "$1 is there already" 'give a folder that does not exist yet'; return 2; fi
}

[ $# -ge 1 ] || { usage >&2; exit 2; }
verb=$1
shift
case "$verb/$#" in
  --help/0 | -h/0) usage ;;
  build/1)
    fresh "$1" || exit
    . scripts/needs.sh
    needs_for_building python3 || exit 3
    work=$(mktemp -d) || exit 3
    trap 'rm -rf -- "$work"' EXIT
    checkout "$work/sources" || exit 3
    build "$work/sources" "$work/target" "$work/release" || exit
    mv -T -- "$work/release" "$1" && printf '%s: %d files, sums in SHA256SUMS\n' "$1" "$(wc -l <"$1/SHA256SUMS")"
    ;;
  twice/0 | twice/1)
    [ $# -eq 0 ] || fresh "$1" || exit
    . scripts/needs.sh
    needs_for_building python3 || exit 3
    work=$(mktemp -d) || exit 3
    trap 'rm -rf -- "$work"' EXIT
    # Of other lengths and depths, so that no folder's name can hide in a table's size.
    first=$work/a second=$work/another/folder/that/is/named/at/length
    for folder in "$first" "$second"; do
      mkdir -p "$folder" && checkout "$folder/sources" || exit 3
      build "$folder/sources" "$folder/target" "$folder/release" || exit
      rm -rf -- "$folder/target"
    done
    if diff "$first/release/SHA256SUMS" "$second/release/SHA256SUMS"; then
      cat "$first/release/SHA256SUMS"
      [ $# -eq 0 ] || mv -T -- "$first/release" "$1" || exit 3
      printf 'the same twice: %d files\n' "$(wc -l <"$second/release/SHA256SUMS")"
    else
      say 'two builds of one commit differ in the files above' 'compare them with diffoscope'
      exit 1
    fi
    ;;
  sbom/1)
    . scripts/needs.sh
    needs_for_building python3 || exit 3
    work=$(mktemp -d) || exit 3
    trap 'rm -rf -- "$work"' EXIT
    checkout "$work/sources" && sbom "$work/sources" "$1"
    ;;
  sign/3)
    [[ $3 =~ ^[a-z0-9-]+$ ]] || { say "$3 is no name of a signer's file" 'small letters, digits and hyphens'; exit 2; }
    [ -f "$1/SHA256SUMS" ] || { say "$1 has no SHA256SUMS" 'build it first: scripts/release.sh build FOLDER'; exit 2; }
    signature="$1/SHA256SUMS.$3.sig"
    [ ! -e "$signature" ] || { say "$signature is there already" 'each signer has a name of their own'; exit 2; }
    as_summed "$1" || { say "$1 is not what its SHA256SUMS says" 'build it again; sign nothing that was changed'; exit 1; }
    ssh-keygen -q -Y sign -f "$2" -n "$namespace" <"$1/SHA256SUMS" >"$signature.new" && mv -- "$signature.new" "$signature" || {
      rm -f -- "$signature.new"
      say 'no signature was made' 'the line above says why'
      exit 3
    }
    printf '%s: publish it beside the files\n' "$signature"
    ;;
  verify/2)
    for one in "$1/SHA256SUMS" "$2"; do
      [ -f "$one" ] || { say "$one is not there" 'a release comes with SHA256SUMS; its signers are in docs/release-signers of a checkout that you trust'; exit 2; }
    done
    signers=()
    for signature in "$1"/SHA256SUMS.*.sig; do
      who=$(ssh-keygen -Y find-principals -s "$signature" -f "$2" 2>/dev/null | head -n 1)
      [ -n "$who" ] || { say "${signature##*/} is by nobody whom the signers name" 'do not install it'; exit 1; }
      ssh-keygen -q -Y verify -f "$2" -I "$who" -n "$namespace" -s "$signature" <"$1/SHA256SUMS" >/dev/null 2>&1 ||
        { say "${signature##*/}, which claims to be by $who, does not fit" 'do not install it'; exit 1; }
      signers+=("$who")
    done
    mapfile -t signers < <(printf '%s\n' "${signers[@]}" | LC_ALL=C sort -u | grep .)
    [ "${#signers[@]}" -ge "$signed_by" ] || {
      say "${#signers[@]} of $signed_by signers have signed it${signers[*]:+: ${signers[*]}}" 'do not install it before the others have'
      exit 1
    }
    as_summed "$1" || { say 'a file is not the one that was signed' 'do not install it'; exit 1; }
    unsigned=$(cd "$1" && find . \( -type f -o -type l \) ! -path ./SHA256SUMS ! -path './SHA256SUMS.*.sig' -printf '%P\n' |
      LC_ALL=C sort | LC_ALL=C comm -23 - <(sed 's/^[0-9a-f]*  //' SHA256SUMS | LC_ALL=C sort) | head -n 1)
    [ -z "$unsigned" ] || { say "$unsigned is there, and was not signed" 'do not install it'; exit 1; }
    printf 'signed by %s: %d files as signed\n' "$(printf '%s, ' "${signers[@]}" | sed 's/, $//')" "$(wc -l <"$1/SHA256SUMS")"
    ;;
  *) usage >&2; exit 2 ;;
esac
