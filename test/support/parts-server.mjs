import { once } from 'node:events';
import { createServer } from 'node:http';
import { tsImport } from 'tsx/esm/api';

/**
 * Spec files run in several processes and share one Postgres and one Kafka. Jest's main process owns both; it starts each
 * when the first spec file asks for it over HTTP, so that a run of pure unit tests pays for neither.
 */
export async function servePartsOnDemand() {
  let parts = null;
  const load = () =>
    (parts ??= tsImport('./shared-parts.ts', import.meta.url).then((module) => new module.SharedParts()));

  const server = createServer((request, response) => {
    void load()
      .then((shared) => shared.get(request.url.slice(1)))
      .then((part) => response.end(JSON.stringify({ part })))
      .catch((error) => response.end(JSON.stringify({ failure: String(error?.message ?? error) })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      // A loading that failed was told to every spec file that asked.
      const shared = await parts?.catch(() => null);
      await shared?.stop();
    },
  };
}
