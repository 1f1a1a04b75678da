import { servePartsOnDemand } from './parts-server.mjs';

/** Runs once before all spec files: makes Postgres and Kafka available to them, and starts neither yet. */
export default async function globalSetup() {
  const server = await servePartsOnDemand();
  // Jest's workers start after this and inherit it.
  process.env.USHER_TEST_PARTS = server.url;
  globalThis.usherTestParts = server;
}
