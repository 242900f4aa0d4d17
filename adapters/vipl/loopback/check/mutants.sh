#!/bin/sh
# Runs the checks ($1) once for every mutant: each has to fail one. Says which was the first.
survivors=0
tab=$(printf '\t')
list=$("$1" --mutants) || exit 1
while IFS="$tab" read -r name race requirement fault; do
  found=$(VIPL_LOOPBACK_MUTANT=$name "$1" --first 2>/dev/null | sed -n 's/^not ok //p')
  if [ -n "$found" ]; then
    echo "found    $name: $found"
  else
    survivors=$((survivors + 1))
    echo "SURVIVED $name ($race, $requirement): $fault"
  fi
done <<END
$list
END
echo "$survivors mutants survived"
[ "$survivors" -eq 0 ]
