/** Thrown where something still waited when the process was told to stop. What it waited for stays
 * in its topic, and is done after a restart or by the next owner of its partition. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor(what: string) {
    super(
      `${what}: the process is stopping. It is done after the restart, or by the next owner of the partition.`,
    );
  }
}
