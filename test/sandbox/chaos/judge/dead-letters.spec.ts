import type { TopicMessage } from '../../../../sandbox/chaos/history.js';
import { Story } from './histories.js';
import { told } from './judged.js';

function buried(): { story: Story; letter: TopicMessage } {
  const story = new Story();
  const key = Buffer.from('room-0');
  const message = story.send(0, { key, value: Buffer.from('{'), headers: { trace: Buffer.from('1') } });
  story.bury(50, message, 'not-json');
  return { story, letter: story.deadLetters[0] as TopicMessage };
}

describe('judging dead letters', () => {
  it('takes the original with its reason, and identical copies', () => {
    const { story, letter } = buried();
    story.deadLetters.push({ ...letter, offset: 1 });
    expect(told(story)).toEqual([]);
  });

  it('tells copies that differ', () => {
    const { story, letter } = buried();
    const headers = { ...letter.headers, dl_time: Buffer.from('now') };
    story.deadLetters.push({ ...letter, offset: 1, headers });
    expect(told(story)).toEqual([
      'P1 -: two copies of the dead letter of message 0/0 differ in the header dl_time',
    ]);
  });

  it('tells what it has lost of the original', () => {
    const { story, letter } = buried();
    const place = { dl_partition: Buffer.from('0'), dl_offset: Buffer.from('0') };
    const bare = { ...letter, key: null, value: null, headers: place };
    expect(told(story, { deadLetters: [bare] })).toEqual([
      'P9 -: the dead letter of message 0/0 does not keep the key',
      'P9 -: the dead letter of message 0/0 does not keep the value',
      'P9 -: the dead letter of message 0/0 does not keep the header trace',
      'P9 -: the dead letter of message 0/0 does not keep a reason',
    ]);
  });

  it('takes a value that was cut and says so', () => {
    const { story, letter } = buried();
    const headers = { ...letter.headers, dl_value_bytes: Buffer.from('1') };
    expect(told(story, { deadLetters: [{ ...letter, value: Buffer.alloc(0), headers }] })).toEqual([]);
  });

  it('tells a dead letter of a message that does not exist', () => {
    const { story } = buried();
    story.bury(60, { ...(story.requests[0] as TopicMessage), offset: 7 }, 'not-json');
    expect(told(story)).toEqual(['P9 -: a dead letter of message 0/7, which does not exist']);
  });
});
