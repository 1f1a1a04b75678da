import { Kafka, logLevel } from 'kafkajs';

/** Whether a broker answers that it is part of a working cluster. */
export async function isAnswering(brokers: string): Promise<boolean> {
  const client = new Kafka({
    clientId: 'usher-sandbox',
    brokers: brokers.split(','),
    connectionTimeout: 2000,
    requestTimeout: 5000,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return cluster.brokers.length > 0 && cluster.controller !== null;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}
