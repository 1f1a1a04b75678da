import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from '../../sandbox/twin/credentials.js';
import { startTwin } from '../../sandbox/twin/server.js';
import { roomEngineContract } from '../contracts/room-engine.contract.js';
import { eventually } from '../support/eventually.js';
import { standEngine } from './engine.js';

roomEngineContract('the client of Tencent, against the twin,', async () => {
  const twin = await startTwin({ seatListWithoutSeats: 'refused' });
  const credentials = {
    sdkAppId: twinSdkAppId,
    adminIdentifier: twinAdminIdentifier,
    secretKey: twinSecretKey,
  };
  const { engine, clock } = standEngine(twin.url, { ...credentials, timeoutMs: 2_000 });
  await eventually(() => engine.ready > 4, { within: 3_000, what: 'warm connections' });
  return {
    engine,
    clock,
    sdkAppId: twinSdkAppId,
    makeRoom: ({ roomId, seats, members = [], queued = [], locked = [], seated = {}, enabled = true }) => {
      const everybody = [...new Set([...members, ...queued])];
      twin.control.createRooms([
        {
          roomId,
          seats,
          seatsEnabled: enabled,
          members: everybody,
          queued: [...queued],
          locked: [...locked],
        },
      ]);
      twin.control.changeSeats(
        roomId,
        Object.entries(seated).map(([index, member]) => ({ index: Number(index), member })),
      );
    },
    mishap: (mishap) => {
      const fault =
        'code' in mishap
          ? ({ kind: 'code', code: mishap.code } as const)
          : ({ kind: mishap.silent === 'executed' ? 'answer-lost' : 'request-lost' } as const);
      twin.control.addFaults([{ fault, times: 1 }]);
    },
    arrived: () => twin.control.calls().entries.length,
    close: async () => {
      engine.close();
      await twin.stop();
    },
  };
});
