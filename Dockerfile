# Lectern on one node: pages, API, signaling, RTMP, WebRTC and recording in one container.
#
#   docker build -t lectern .
#   docker run --init -p 8080:8080 -p 1935:1935 -p 40000-40001:40000-40001/udp -p 40000-40001:40000-40001/tcp \
#     -e LECTERN_ANNOUNCED_ADDRESS=192.0.2.10 -v lectern:/data lectern
#
# All data is stored below /data, in an embedded database and files. docker-compose.yml shows the settings for MongoDB and Redis.

FROM node:24-bookworm-slim AS build
WORKDIR /opt/lectern
ENV XDG_CACHE_HOME=/var/cache

# The packages and the media worker first: they rarely change and take longest.
COPY package.json package-lock.json .npmrc ./
COPY engine/setup engine/setup
RUN node engine/setup/bootstrap.mjs start

COPY . .
RUN node engine/setup/bootstrap.mjs start \
 && mv /var/cache/lectern/mediasoup-worker/*/mediasoup-worker /usr/local/bin/mediasoup-worker \
 && npm prune --omit=dev

FROM node:24-bookworm-slim
# ffmpeg, and the libraries that a media worker built from source links to (used if no prebuilt one is available).
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg ca-certificates libssl3 libuv1 libsrtp2-1 libabsl20220623 \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/lectern
COPY --from=build /usr/local/bin/mediasoup-worker /usr/local/bin/mediasoup-worker
COPY --from=build /opt/lectern ./
# /cache: compiled modules, for the next start.
RUN mkdir /data /cache && chown node:node /data /cache

ENV NODE_ENV=production \
    XDG_CACHE_HOME=/cache \
    MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker \
    LECTERN_DATA_DIR=/data \
    LECTERN_HTTP_PORT=8080 \
    LECTERN_RTMP_PORT=1935 \
    LECTERN_RTC_PORT=40000 \
    LECTERN_RTC_WORKERS=2
VOLUME /data
USER node

# 8080: pages and API. 1935: RTMP. From 40000: one port per media worker.
EXPOSE 8080 1935 40000-40001/udp 40000-40001/tcp
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD node -e "fetch('http://127.0.0.1:' + process.env.LECTERN_HTTP_PORT + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "--import", "./engine/setup/compileCache.mjs", "--max-semi-space-size=16", "--heap-growing-percent=100", "main.ts"]
