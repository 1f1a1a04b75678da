import { Kafka, logLevel } from 'kafkajs';
import { TwinControl } from './twin/client.js';
const e = process.env as Record<string, string>;
const twin = new TwinControl(e['TENCENT_BASE_URL']!);
const kafka = new Kafka({ brokers: [e['KAFKA_BROKERS']!], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `acc-${Date.now()}` });
const got = new Map<string, any>();
const bytes = new Map<string, string>();
let copies = 0,
  differ = 0,
  last = 0;
await consumer.connect();
await consumer.subscribe({ topic: 'seat.outcomes', fromBeginning: true });
await consumer.run({
  eachBatch: async ({ batch }) => {
    for (const m of batch.messages) {
      const t = m.value!.toString();
      const o = JSON.parse(t);
      if (!o.requestId.startsWith(tag)) continue;
      if (got.has(o.requestId)) {
        copies++;
        if (bytes.get(o.requestId) !== t) differ++;
      }
      got.set(o.requestId, o);
      bytes.set(o.requestId, t);
      last = Date.now();
    }
  },
});
const tag = `acc${Date.now()}`;
const rooms = Array.from({ length: 250 }, (_, i) => `${tag}-r${i}`);
await twin.createRooms(
  rooms.map((roomId) => ({
    roomId,
    seats: 8,
    members: Array.from({ length: 20 }, (_, i) => `m${i}`),
    locked: [7],
  })),
);
const p = kafka.producer();
await p.connect();
const messages = Array.from({ length: 5000 }, (_, i) => {
  const room = rooms[i % 250]!;
  const k = Math.floor(i / 250);
  return {
    key: room,
    value: JSON.stringify({
      requestId: `${tag}-${i}`,
      type: 'pick',
      roomId: room,
      memberAccount: k === 19 ? 'stranger' : `m${k}`,
      index: [1, 1, 2, 3, 1, 7, 9, 4, 5, 2][k % 10],
    }),
  };
});
const t0 = Date.now();
await p.sendBatch({ topicMessages: [{ topic: 'seat.requests', messages }] });
while (got.size < 5000 && Date.now() - t0 < 60000) await new Promise((r) => setTimeout(r, 50));
await new Promise((r) => setTimeout(r, 1500));
const by: Record<string, number> = {};
for (const o of got.values()) {
  const k = `${o.status}/${o.reason}/${o.decidedBy}`;
  by[k] = (by[k] ?? 0) + 1;
}
const s = await twin.stats();
console.log(got.size, 'copies', copies, 'differ', differ, 'ms', last - t0, by);
console.log(
  s.commands.map((c) => [c.command, c.calls, c.refused, c.worstSecond.calls]),
  s.eventLoop.worstStallMs,
);
await consumer.disconnect();
await p.disconnect();
