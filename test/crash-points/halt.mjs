/**
 * Loaded before an instance (`node --import`): stops the whole process at one point on the way of one request. Where is told
 * by `CRASH_AT` (see `Stop` in `point.ts`): the marked message is the first whose bytes hold `mark`; from then on the first
 * passage of `effect` in that `phase`, and with `holding` in what it carries, is the point. The process says so on its
 * standard output and sends itself `signal`. The service knows nothing of it: methods of the built classes are wrapped.
 */
import 'reflect-metadata';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// A life of some seconds: compiling for speed costs a fifth of its start and brings nothing.
setFlagsFromString('--no-opt');

const { mark, effect, phase, holding = '', twist, signal } = JSON.parse(process.env.CRASH_AT);
const require = createRequire(import.meta.url);
const never = new Promise(() => undefined);
const built = async (path) => import(new URL(`../../dist/${path}.js`, import.meta.url));

/** Partition and offset of the marked message, once it was taken in; the room of its last call. */
let marked = null;
let roomId = null;
let isHalted = false;

function halt() {
  if (isHalted) return;
  isHalted = true;
  writeSync(1, `halted at the crash point ${JSON.stringify(marked)}\n`);
  process.kill(process.pid, signal);
  // Should the signal take a moment, not one more line of the service may run; nor after a SIGCONT.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Soon, but after what was just written has been handed to the kernel, and before any answer can be read. */
const haltOnceWritten = () => void setImmediate(halt);

function isHere(passed, carried) {
  return marked !== null && passed === effect && carried.includes(holding);
}

/** The offsets that count as finished are committed every second; here, so that a message which counts too early is lost. */
let commitWhatIsDue = async () => undefined;
/** At these the message itself is finished. */
const isFinished = ['published', 'commit', 'leave'].includes(effect);

/** Runs something whose effect is outside this process, with the three phases around it. `send` does it up to the writing. */
async function pass(passed, carried, run, send = run) {
  if (!isHere(passed, carried)) return run();
  if (!isFinished) await commitWhatIsDue();
  if (phase === 'before') halt();
  if (phase === 'sent') {
    void send();
    return never;
  }
  const result = await run();
  halt();
  return result;
}

function wrap({ prototype }, method, around) {
  const original = prototype[method];
  if (original === undefined) throw new Error(`there is no method ${method} to wrap`);
  prototype[method] = function (...args) {
    return around.call(this, (...changed) => original.apply(this, changed), ...args);
  };
}

const { Reception } = await built('kafka/reception');
wrap(Reception, 'take', function (original, record, receivedAt) {
  if (marked === null && String(record.value).includes(mark)) {
    marked = { partition: record.partition, offset: record.offset };
    if (effect === 'take') halt();
  }
  return original(record, receivedAt);
});

// Postgres: every statement by its name.
const { Database } = await built('postgres/database');
wrap(Database, 'once', function (original, statement, values, pool = this.shared) {
  const send = async () => {
    const client = await pool.connect();
    client.query({ ...statement, values }).catch(() => undefined);
    haltOnceWritten();
  };
  const carried = values.filter((value) => typeof value === 'string').join('\n');
  return pass(statement.name, carried, () => original(statement, values, pool), send);
});

// Tencent: calls and reads, as they leave.
const { Departure } = await built('tencent/warm-agent');
wrap(Departure, 'addRequest', function (original, request) {
  const passed = request.path.includes('/get_seat_list') ? 'read' : 'call';
  original(request);
  if (passed === 'call' && twist === 'SIGTERM' && marked !== null)
    request.once('finish', () => process.kill(process.pid, 'SIGTERM'));
  if (!isHere(passed, '')) return;
  if (phase === 'sent') request.once('finish', haltOnceWritten);
  if (phase === 'executed') request.once('finish', () => void haltOnceExecuted());
});
const { HttpClient } = await built('tencent/http-client');
wrap(HttpClient, 'post', async function (original, post) {
  if (marked !== null) roomId = post.body.RoomId;
  const exchange = await original(post);
  const passed = post.path.includes('/get_seat_list') ? 'read' : 'call';
  if (phase === 'after' && exchange.kind !== 'unsent' && isHere(passed, '')) halt();
  return exchange;
});

/** The twin is asked: nothing that comes back to the service tells when a call is carried out. */
async function haltOnceExecuted() {
  for (;;) {
    const answer = await fetch(`${process.env.TENCENT_BASE_URL}/twin/calls`);
    const { entries } = await answer.json();
    if (entries.some(({ body, executedAt }) => executedAt !== null && body?.RoomId === roomId)) halt();
  }
}

// Kafka: outcomes, dead letters and offsets, as they leave.
const awaited = { Produce: false, OffsetCommit: false };
wrap(
  { prototype: require('kafkajs/src/network/requestQueue').prototype },
  'sendSocketRequest',
  function (original, request) {
    original(request);
    const { apiName } = request.entry;
    if (awaited[apiName]) haltOnceWritten();
  },
);
const sendAs = (apiName, run) => () => {
  awaited[apiName] = true;
  return run();
};
const { KafkaConnection } = await built('kafka/kafka.connection');
wrap(KafkaConnection, 'producer', function (original) {
  const producer = original();
  const sendBatch = (batch) => {
    const [{ topic }] = batch.topicMessages;
    const passed = topic === process.env.KAFKA_TOPIC_OUTCOMES ? 'publish' : 'bury';
    const run = () => producer.sendBatch(batch);
    return pass(passed, '', run, sendAs('Produce', run));
  };
  return { ...producer, sendBatch };
});
wrap(KafkaConnection, 'consumer', function (original) {
  const consumer = original();
  const commitOffsets = (offsets) => {
    const run = () => consumer.commitOffsets(offsets);
    const isMarked = offsets.some(
      ({ partition, offset }) => partition === marked?.partition && Number(offset) > Number(marked.offset),
    );
    return isMarked ? pass('commit', '', run, sendAs('OffsetCommit', run)) : run();
  };
  return { ...consumer, commitOffsets };
});

const { SeatRequestConsumer } = await built('kafka/seat-request.consumer');
wrap(SeatRequestConsumer, 'commit', function (original) {
  commitWhatIsDue = original;
  return original();
});

// The end of the process.
const { KafkaIntake } = await built('kafka/kafka.intake');
wrap(KafkaIntake, 'finish', (original, waitMs) => pass('leave', '', () => original(waitMs)));

// What must go wrong before some points are reached: the first call misses its slot, the process is asked to end.
let isStallDue = twist === 'stall' || twist === 'stall, then SIGTERM';
const { TencentRoomEngine } = await built('tencent/tencent-room-engine');
wrap(TencentRoomEngine, 'call', function (original, call, slot) {
  if (marked !== null && isStallDue) {
    isStallDue = false;
    while (performance.now() < slot.monotonicSendBy + 5);
  }
  return original(call, slot);
});
const { PostgresSeatRecords } = await built('postgres/postgres-seat-records');
wrap(PostgresSeatRecords, 'claim', async function (original, intent, stop) {
  if (intent.prior?.unsent && twist === 'stall, then SIGTERM') {
    process.kill(process.pid, 'SIGTERM');
    await once(stop, 'abort');
  }
  return original(intent, stop);
});
