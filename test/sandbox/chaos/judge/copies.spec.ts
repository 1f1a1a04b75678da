import type { TopicMessage } from '../../../../sandbox/chaos/history.js';
import { Story } from './histories.js';
import { told } from './judged.js';

function seated(): { story: Story; outcome: TopicMessage } {
  const story = new Story();
  story.seat(0, 'a');
  return { story, outcome: story.outcomes[0] as TopicMessage };
}

describe('judging copies of an outcome', () => {
  it('takes any number of identical copies', () => {
    const { story, outcome } = seated();
    for (const at of [100, 5_000])
      story.publish(at, { ...outcome, offset: story.outcomes.length, timestamp: at });
    story.outcomes.splice(1);
    for (const at of [100, 5_000])
      story.publish(at, { key: outcome.key, value: outcome.value, headers: outcome.headers });
    expect(told(story)).toEqual([]);
  });

  it('tells a copy with another value, key or header', () => {
    const { story, outcome } = seated();
    const { key, value, headers } = outcome;
    const other = Buffer.from(`${String(value?.toString())} `);
    story.publish(100, { key, value: other, headers });
    story.publish(101, { key: Buffer.from('room-1'), value, headers });
    story.publish(102, { key, value, headers: { ...headers, ce_type: Buffer.from('other') } });
    story.publish(103, { key, value, headers: { ...headers, more: Buffer.from('1') } });
    expect(told(story)).toEqual([
      'P1 a: two copies of the outcome differ in the value',
      'P1 a: two copies of the outcome differ in the key',
      'P1 a: two copies of the outcome differ in the header ce_type',
      'P1 a: two copies of the outcome differ in the header more',
    ]);
  });

  it('tells recorded bytes that are not the published ones', () => {
    const { story } = seated();
    const recorded = story.recorded.map((row) => ({
      ...row,
      value: Buffer.from('{}'),
      headers: Buffer.from('{}'),
    }));
    expect(told(story, { recorded })).toEqual([
      'P1 a: the recorded value is not the published one',
      'P1 a: the recorded headers are not the published ones',
    ]);
  });

  it('tells an event id that is not the outcome id, and one that two requests share', () => {
    const { story, outcome } = seated();
    story.ask(100, 'b', { index: 2, memberAccount: 'user-2' });
    story.settle(200, 'b', { status: 'expired', decidedBy: 'deadline', outcomeId: 'event-a' });
    const [, second] = story.outcomes;
    const shared = { ...(second as TopicMessage), headers: outcome.headers };
    const stored = Buffer.from(JSON.stringify({ ce_id: 'event-a', ce_type: 'seat.outcome.v1' }));
    const recorded = story.recorded.map((row) => ({ ...row, headers: stored }));
    expect(told(story, { outcomes: [outcome, shared], recorded })).toEqual([
      'P1 b: the event id is also that of request a',
    ]);
    expect(told(story)).toEqual(['P1 b: the event id (event-b) is not the outcomeId']);
  });

  it('tells an outcome whose key is not the room', () => {
    const { story, outcome } = seated();
    expect(told(story, { outcomes: [{ ...outcome, key: null }] })).toEqual(['P1 a: the key is not the room']);
  });

  it('tells a message of the topic that is no outcome', () => {
    const { story } = seated();
    story.publish(100, { value: Buffer.from('hello') });
    expect(told(story)).toEqual(['P1 -: message 0/1 of the outcome topic is no outcome']);
  });
});
