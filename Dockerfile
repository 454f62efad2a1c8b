# Both stages are glibc-based: the Postgres that comes along needs it.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json .swcrc ./
COPY scripts scripts
COPY src src
RUN PATH=/app/node_modules/.bin:$PATH node scripts/build.mjs \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-*/include node_modules/node-linux-*/share \
  && find dist node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' \) -delete

# The Node that runs is the one of the lock file, so the image needs none of its own.
FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --no-create-home gatehouse && install -d -o gatehouse -m 700 /var/lib/gatehouse
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY config config
COPY migrations migrations
COPY scripts/healthcheck.mjs scripts/
ENV PATH=/app/node_modules/.bin:$PATH \
    APIM_SERVER__DATA_DIR=/var/lib/gatehouse
USER gatehouse
VOLUME /var/lib/gatehouse
EXPOSE 9443 8280 8243
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s CMD ["node", "scripts/healthcheck.mjs"]
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["start"]
