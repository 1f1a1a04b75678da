/** The Postgres of this test run, started at first use. For a database of your own take `freshDatabase`. */
export async function postgres(): Promise<{ readonly url: string }> {
  return (await part('postgres')) as { url: string };
}

/** The Kafka of this test run, started at first use. It is shared: name topics and groups so that nobody else has them. */
export async function kafka(): Promise<{ readonly brokers: string }> {
  return (await part('kafka')) as { brokers: string };
}

async function part(name: string): Promise<unknown> {
  const server = process.env['USHER_TEST_PARTS'];
  if (server === undefined)
    throw new Error('USHER_TEST_PARTS is not set: run the tests with jest.config.mjs');
  const answer = (await (await fetch(`${server}/${name}`)).json()) as { part?: unknown; failure?: string };
  if (answer.failure !== undefined) throw new Error(answer.failure);
  return answer.part;
}
