# The Keyrite XKS proxy as a container: no root, no shell script, and nothing to write to but its state.
#
#   docker build -t keyrite-proxy .
#   docker run --hostname keyrite-proxy --read-only --cap-drop=ALL --security-opt=no-new-privileges --ulimit core=0 --init \
#     -p 443:443 \
#     -v keyrite-state:/var/lib/keyrite-proxy \
#     -v /etc/keyrite-proxy:/etc/keyrite-proxy:ro \
#     -v /opt/vendor/lib/pkcs11.so:/opt/vendor/lib/pkcs11.so:ro \
#     keyrite-proxy
#   docker exec CONTAINER node /opt/keyrite/dist/main/keyrite.js kill --reason "..."
#
# - The state folder is a volume: without one each container is a first start, and a proxy that was killed comes up armed in the next.
# - Settings and secrets are mounted, never built in; secret files belong to 65532 and have mode 0600. Or mount them in a folder of
#   their own, set CREDENTIALS_DIRECTORY to it, and name them with pin_credential and secret_credential.
# - The HSM's library is not ours to ship. It needs glibc of Debian 12 or older; build an image FROM this one where it needs more.
# - A fixed host name lets a new container take over the state of one that was killed: the lock in it names its host, and one of
#   another host cannot be told from a proxy that runs. Never start two containers on one state folder.
# - Docker lets any user listen on port 443 in a container; where your runtime does not, use 8443 and map it.
# - The health check asks a listener for pings without TLS: port_http_ping = 8080 under [server]. It is not published above.
# Pin the base image by its digest in your own builds.

FROM node:22-slim AS build
# pkcs11js is compiled here, against the headers that come with the image: nothing is fetched for it.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
ENV npm_config_nodedir=/usr/local \
    npm_config_update_notifier=false \
    ELECTRON_SKIP_BINARY_DOWNLOAD=1
WORKDIR /opt/keyrite
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
# What is left are the packages that the build did not bundle.
RUN npm prune --omit=dev --no-audit --no-fund
# The state folder as its volume begins: the proxy's own, and nobody else's.
RUN install -d -m 0700 /state

FROM node:22-slim
ENV NODE_ENV=production \
    STATE_DIRECTORY=/var/lib/keyrite-proxy \
    KEYRITE_PING=http://127.0.0.1:8080/ping
WORKDIR /opt/keyrite
# package.json and resources are how the program knows its own folder.
COPY --from=build /opt/keyrite/package.json /opt/keyrite/LICENSE ./
COPY --from=build /opt/keyrite/dist/main ./dist/main
COPY --from=build /opt/keyrite/resources ./resources
COPY --from=build /opt/keyrite/node_modules ./node_modules
COPY --from=build --chown=65532:65532 /state /var/lib/keyrite-proxy
VOLUME /var/lib/keyrite-proxy
USER 65532:65532
EXPOSE 443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "--eval", "fetch(process.env.KEYRITE_PING).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/keyrite/dist/main/keyrite.js"]
CMD ["proxy", "--config", "/etc/keyrite-proxy/settings.toml"]
