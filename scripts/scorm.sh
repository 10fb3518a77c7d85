#!/usr/bin/env bash
# Packs a SCORM 1.2 package out of dist/, which is built first: WIDGET=pooling TITLE='Pooling' PASS=60 make scorm
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/build.sh
set_up native
# The options that were given, by their names on the command line.
options=(--widget "${WIDGET:-convolution}" --title "${TITLE:-Svertka}" --out "${OUT:-svertka-scorm.zip}")
[ -z "${STATE:-}" ] || options+=(--state "$STATE")
[ -z "${PASS:-}" ] || options+=(--pass "$PASS")
[ -z "${LANG_OF:-}" ] || options+=(--lang "$LANG_OF")
[ -z "${LOCK:-}" ] || options+=(--lock "$LOCK")
[ -z "${HIDE:-}" ] || options+=(--hide "$HIDE")
[ -z "${GOAL:-}" ] || options+=(--goal "$GOAL")
[ -z "${WITHOUT_DATA:-}" ] || options+=(--without-data)
cargo run --quiet --locked --profile speed -- scorm dist "${options[@]}"
