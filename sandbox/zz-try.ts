import { Kafka, logLevel } from 'kafkajs';
import { TwinControl } from './twin/client.js';
const e = process.env as Record<string, string>;
const twin = new TwinControl(e.TENCENT_BASE_URL!);
const n = Number(process.argv[2] ?? 20);
const room = `room-${Date.now()}`;
await twin.createRoom({ roomId: room, seats: 10, members: Array.from({ length: n }, (_, i) => `u${i}`) });
const kafka = new Kafka({ brokers: [e.KAFKA_BROKERS!], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `try-${Date.now()}` });
await consumer.connect();
await consumer.subscribe({ topic: 'seat.outcomes', fromBeginning: false });
const got = new Map<string, any>();
let copies = 0;
let t0 = 0;
let last = 0;
await consumer.run({
  eachBatch: async ({ batch }) => {
    for (const m of batch.messages) {
      const o = JSON.parse(m.value!.toString());
      if (o.roomId !== room) continue;
      if (got.has(o.requestId)) copies++;
      got.set(o.requestId, o);
      last = Date.now();
    }
  },
});
await new Promise((r) => setTimeout(r, 1500));
const p = kafka.producer();
await p.connect();
t0 = Date.now();
const messages = Array.from({ length: n }, (_, i) => ({
  key: room,
  value: JSON.stringify({
    requestId: `${room}-${i}`,
    type: 'pick',
    roomId: room,
    memberAccount: `u${i}`,
    index: process.argv[3] === 'spread' ? i % 10 : 1,
  }),
}));
await p.sendBatch({ topicMessages: [{ topic: 'seat.requests', messages }] });
while (got.size < n && Date.now() - t0 < 20000) await new Promise((r) => setTimeout(r, 20));
const by: Record<string, number> = {};
for (const o of got.values()) {
  const k = `${o.status}/${o.reason}/${o.decidedBy}`;
  by[k] = (by[k] ?? 0) + 1;
}
console.log(got.size, 'of', n, 'copies', copies, 'ms', last - t0, by);
console.log([...got.values()].slice(0, 2));
console.log(JSON.stringify(await twin.stats()));
await consumer.disconnect();
await p.disconnect();
