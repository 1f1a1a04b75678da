# syntax=docker/dockerfile:1

FROM node:24-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY nest-cli.json prisma.config.ts tsconfig.json tsconfig.build.json ./
COPY prisma ./prisma
# The build generates the Prisma client through the bootstrap of the sandbox.
COPY sandbox ./sandbox
COPY src ./src
RUN npm run build

# The offline twin of Tencent's API, for docker-compose.yml; never part of what runs in production.
FROM build AS sandbox
USER node
ENTRYPOINT ["node", "--import", "tsx", "sandbox/twin/main.ts"]

FROM base AS packages
COPY package.json package-lock.json ./
# Prisma's command line comes in as an optional peer (250 MB); no package that remains has an install script.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM base AS service
# Reachable from outside the container; everything else has the defaults of the README.
ENV NODE_ENV=production HTTP_HOST=0.0.0.0 HTTP_PORT=3000
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
# For `node dist/cli.js migrate`.
COPY prisma/migrations ./prisma/migrations
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.HTTP_PORT + '/health/live').then((r) => process.exit(Number(!r.ok)), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
