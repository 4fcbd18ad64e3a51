# The worker of worker.ts; with another command, see docker-compose.yml, also the gateway. Build and run it with docker-compose.yml, or alone:
#   docker build -t durable-turns-worker . && docker run --env-file .env durable-turns-worker

ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig*.json vite.config.ts worker.ts events.schema.json ./
COPY src src
COPY examples examples
RUN npm run build && npm run build:worker

# What the worker needs at run time. Applications bring it as their own dependencies, so here it stands among
# the development and peer dependencies; the lock file keeps the versions.
FROM ${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm pkg set "dependencies.zod=$(node -p "require('./package.json').devDependencies.zod")" \
    && npm pkg delete devDependencies peerDependencies.@temporalio/testing \
    && npm install --omit=dev --no-audit --no-fund --ignore-scripts \
    # Temporal's native library comes for five platforms.
    && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -not -name "$(uname -m)-*-linux-gnu" -exec rm -r {} +

FROM ${NODE}
WORKDIR /app
ENV NODE_ENV=production
COPY package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
# Part of the gateway's OpenAPI document.
COPY --from=build /app/events.schema.json ./
COPY --from=build /app/build build
USER node
CMD ["node", "--enable-source-maps", "build/worker.js"]
