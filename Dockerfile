# One container: the built service on Node 24, without root, with its data in /data.
#   docker build -t enquiry-bot . && docker run -p 127.0.0.1:3978:3978 -v enquiries:/data --read-only --tmpfs /tmp enquiry-bot
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3978 DATABASE_URL=sqlite:/data/enquiries.db KNOWLEDGE_DIR=/app/knowledge
WORKDIR /app
COPY --from=build /app/package.json ./
# For the commands: docker exec -it enquiry-bot npm run --silent staff -- list
COPY --from=build /app/src/cli/bootstrap.cjs ./src/cli/
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/knowledge ./knowledge
COPY --from=build /app/tests/answers/questions/labelled.jsonl ./tests/answers/questions/
# A volume that is mounted over a folder takes on its owner.
RUN mkdir .cache /data /backups && chown node:node .cache /data /backups
USER node
# One start ahead leaves in .cache what Node has compiled: a container on a read-only file system could not keep it.
RUN DATABASE_URL=sqlite:/tmp/enquiries.db timeout --preserve-status 20 \
  node --max-semi-space-size=8 --heap-growing-percent=30 dist/src/main.js && rm /tmp/enquiries.db*
VOLUME /data
EXPOSE 3978
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD node -e "fetch('http://127.0.0.1:3978/readyz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=30", "dist/src/main.js"]
