import { roomEngineContract } from '../../contracts/room-engine.contract.js';
import { MachineClock } from '../../tencent/machine-clock.js';
import { FakeRoomEngine } from './fake-room-engine.js';

roomEngineContract('the fake', () => {
  const clock = new MachineClock();
  const engine = new FakeRoomEngine(clock);
  return Promise.resolve({
    engine,
    clock,
    sdkAppId: 1,
    makeRoom: ({ roomId, queued = [], locked = [], seated = {}, ...room }) => {
      const made = engine.createRoom(roomId, room);
      for (const member of queued) made.queued.add(member);
      for (const index of locked) made.locked.add(index);
      for (const [index, member] of Object.entries(seated)) made.seats[Number(index)] = member;
    },
    mishap: (mishap) => {
      engine.script(
        'code' in mishap
          ? { kind: 'code', ...mishap }
          : { kind: 'silent', executes: mishap.silent === 'executed' },
      );
    },
    arrived: () => engine.arrived.length,
    close: () => Promise.resolve(),
  });
});
