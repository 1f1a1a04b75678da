/** Runs once after all spec files: stops whatever they had started. */
export default async function globalTeardown() {
  await globalThis.usherTestParts.stop();
}
