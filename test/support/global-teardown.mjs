/** How long Jest may take to report and end, once everything is stopped. */
const graceMs = 5000;

/** Runs once after all spec files: stops whatever they had started. */
export default async function globalTeardown() {
  await globalThis.usherTestParts.stop();
  // A test that failed half-way may have left a process or a connection open, and Jest would wait for it without end.
  const insist = setTimeout(() => {
    console.error(`A test left something open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(); // With the exit code that Jest has decided on.
  }, graceMs);
  insist.unref();
}
