#!/bin/sh
# Runs all tests in two processes at once, which take about as long: sh tools/halves.sh <python>
# One has two in three of the files that need a browser, the other what needs none and the rest.
python=$1
most=$(ls tests/browser/test_*.py | awk 'NR % 3')
rest=$(ls tests/browser/test_*.py | awk 'NR % 3 == 0')
log=$(mktemp)
(
    "$python" -m pytest --ignore=tests/browser
    without=$?
    "$python" -m pytest $rest
    [ $? -eq 0 ] && [ $without -eq 0 ]
) >"$log" 2>&1 &
"$python" -m pytest $most
first=$?
wait $!
second=$?
cat "$log"
rm -f "$log"
[ $first -eq 0 ] && [ $second -eq 0 ]
