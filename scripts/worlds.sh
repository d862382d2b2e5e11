# Ends and removes the worlds that ./demo and ./practice start. Sourced by both.

# True while process $1 runs and is one of our programs.
is_ours() {
  local name=
  { read -r name <"/proc/$1/comm"; } 2>/dev/null
  case "$name" in safeconduct*) return 0 ;; *) return 1 ;; esac
}

# Ends the processes that a world wrote down in its folder, and nothing else: politely, then surely.
end_processes() {
  local id ids=() _
  [ -f "$1/processes" ] || return 0
  while read -r id; do is_ours "$id" && ids+=("$id"); done <"$1/processes"
  for id in "${ids[@]}"; do kill "$id" 2>/dev/null; done
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    local left=()
    for id in "${ids[@]}"; do is_ours "$id" && left+=("$id"); done
    [ "${#left[@]}" -gt 0 ] || return 0
    ids=("${left[@]}")
    sleep 0.2
  done
  for id in "${ids[@]}"; do kill -KILL "$id" 2>/dev/null; done
}
