# syntax=docker/dockerfile:1
# One image, one binary: `serve` by default, `api` or `web` for one half each.

FROM node:22-bookworm-slim AS node

FROM rust:1.95.0-slim-bookworm AS build
# The build takes htmx and GraphiQL from npm, checked against the lock files.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --locked --release --bin jbl-chat \
    && install -D --mode=0755 target/release/jbl-chat /image/jbl-chat \
    && install -d --owner=10001 --group=10001 --mode=0700 /image/data

# glibc, root certificates and nothing else: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build --chown=root:root /image/jbl-chat /jbl-chat
COPY --from=build --chown=10001:10001 --chmod=0700 /image/data /data
USER 10001:10001
# Inside a container loopback reaches nobody; what is published is for `docker run -p` to say.
# The api of `serve` and the health listener stay on the container's own loopback.
ENV JBL_DATA=/data \
    JBL_WEB_LISTEN=0.0.0.0:8080
EXPOSE 8080
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/jbl-chat", "health"]
ENTRYPOINT ["/jbl-chat"]
CMD ["serve"]
