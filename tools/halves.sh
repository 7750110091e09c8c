#!/bin/sh
# Runs the tests in two halves at once, those in a browser and all others: sh tools/halves.sh <python>
python=$1
log=$(mktemp)
"$python" -m pytest --ignore=tests/browser >"$log" 2>&1 &
"$python" -m pytest tests/browser
browser=$?
wait $!
others=$?
cat "$log"
rm -f "$log"
[ $browser -eq 0 ] && [ $others -eq 0 ]
