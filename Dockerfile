# The hub in an image. Node runs the sources as they are: only the dashboard is built, everything else is an install.
#   docker build -t nave . && docker run --env-file .env -e DATABASE_URL=... -p 7070:7070 nave

# Apart from the hub's own packages: what builds pages is not shipped. Its native parts are optional packages, so they are installed here.
FROM node:24-bookworm-slim AS dashboard
WORKDIR /opt/nave
ENV CI=true npm_config_update_notifier=false
COPY . .
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
    npx -y pnpm@12 install --prod --frozen-lockfile --filter-prod '@nave/dashboard...' \
    && node apps/hub/src/dashboard/build-main.ts

FROM node:24-bookworm-slim AS dependencies
WORKDIR /opt/nave
ENV CI=true npm_config_update_notifier=false
COPY . .
# Workspace packages stay where they are and are linked: Node takes types out of sources, but never out of those below node_modules.
# Only what hub and command line need in production (`--filter-prod` does not follow dev dependencies). Optional packages are the embedded PostgreSQL, which an image has no use for, and native speed-ups.
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
    npx -y pnpm@12 install --prod --no-optional --frozen-lockfile --filter-prod '@nave/hub...' --filter-prod '@nave/cli...' \
    && rm -rf apps/dashboard

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    NAVE_HOST=0.0.0.0 \
    NAVE_PORT=7070 \
    NAVE_DATA_DIR=/var/lib/nave
WORKDIR /opt/nave
# Sources belong to root: the process cannot change what it runs.
COPY --from=dependencies /opt/nave /opt/nave
# Without sources beside them, the pages are served as they are.
COPY --from=dashboard /opt/nave/apps/dashboard/dist /opt/nave/apps/dashboard/dist
RUN install -d -o node -g node -m 0700 /var/lib/nave
USER node
EXPOSE 7070
VOLUME /var/lib/nave
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.NAVE_PORT}/readyz`, { signal: AbortSignal.timeout(4000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1 and gets the signal to stop; nothing stands between.
CMD ["node", "--expose-gc", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "--concurrent-turbofan-max-threads=1", "--concurrent-marking-max-worker-num=1", "--heap-growing-percent=80", "apps/hub/src/main.js"]
