#!/bin/sh
# Replaces itself by the media worker, in a session of its own: a terminal sends Ctrl-C to all processes of its session, and
# the worker would end at once. It still ends with Lectern, because their pipe closes. Without setsid it runs as it is.
if command -v setsid >/dev/null 2>&1; then exec setsid "$LECTERN_MEDIA_WORKER" "$@"; fi
exec "$LECTERN_MEDIA_WORKER" "$@"
