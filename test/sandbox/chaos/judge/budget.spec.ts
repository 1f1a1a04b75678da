import { Story } from './histories.js';
import { told } from './judged.js';

/** So many calls, one every `apartMicros`. */
function calls(count: number, apartMicros: number): Story {
  const story = new Story(1);
  for (let call = 0; call < count; call++) {
    const at = (call * apartMicros) / 1000;
    story.read(at, 'room-0', { arrivedMicros: call * apartMicros });
  }
  return story;
}

describe('judging the budget', () => {
  it('takes 200 calls in a closed second', () => {
    expect(told(calls(400, 5_001))).toEqual([]);
  });

  it('tells the 201st, both ends of the second counted', () => {
    expect(told(calls(201, 5_000))).toEqual([
      'P3 -: 201 calls of room_engine_http_mic/get_seat_list in one second; 200 are allowed',
    ]);
  });

  it('tells a crowded stretch once, with the worst of its seconds', () => {
    expect(told(calls(500, 4_000))).toEqual([
      'P3 -: 251 calls of room_engine_http_mic/get_seat_list in one second; 200 are allowed',
    ]);
  });

  it('counts each command by itself', () => {
    const story = calls(150, 6_000);
    for (let each = 0; each < 60; each++)
      story.read(each, 'room-0', { command: 'a/create_room', slot: null });
    expect(told(story).filter((line) => line.startsWith('P3'))).toEqual([]);
  });

  it('tells a call that the twin refused as one too many', () => {
    const story = new Story();
    story.read(0, 'room-0', { overLimit: true });
    expect(told(story)).toEqual([
      'P3 -: call 1 (room_engine_http_mic/get_seat_list) was refused as one too many',
    ]);
  });
});
