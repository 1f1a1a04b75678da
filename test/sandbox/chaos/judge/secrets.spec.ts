import { Story } from './histories.js';
import { told } from './judged.js';

const secrets = ['s3cret-key', ''];

describe('judging secrets', () => {
  it('tells one in an outcome and its row, in a header, and in a dead letter', () => {
    const story = new Story();
    story.ask(0, 'a');
    story.settle(10, 'a', { status: 'expired', decidedBy: 'deadline', message: 'with s3cret-key inside' });
    const message = story.send(20, { value: null, headers: { trace: Buffer.from('s3cret-key') } });
    story.bury(30, message, 'empty');
    expect(told(story, { secrets })).toEqual([
      'P11 -: outcome 0/0 holds a secret',
      'P11 -: dead letter 0/0 holds a secret',
      'P11 a: the recorded outcome holds a secret',
    ]);
  });

  it('tells nothing where there is none', () => {
    const story = new Story();
    story.seat(0, 'a');
    expect(told(story, { secrets })).toEqual([]);
  });
});
