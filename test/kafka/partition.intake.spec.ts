import { PartitionIntake } from '../../src/kafka/partition.intake.js';

const held = (start: number, count: number): PartitionIntake => {
  const partition = new PartitionIntake(0, false);
  partition.begin(start);
  for (let offset = start; offset < start + count; offset += 1) partition.take(offset);
  partition.readUpTo(start + count);
  return partition;
};

describe('where a batch may begin', () => {
  it('anywhere at first', () => {
    expect(new PartitionIntake(0, false).begin(77)).toBe('take');
  });

  it('once more, when an older fetch may have brought it', () => {
    const partition = new PartitionIntake(0, true);
    expect([partition.begin(900), partition.begin(77)]).toEqual(['refetch', 'take']);
    expect(partition.due()).toBe(77);
  });

  it('exactly where the last one ended', () => {
    expect(held(10, 5).begin(15)).toBe('take');
    expect(held(10, 5).begin(16)).toBe('broken');
    expect(held(10, 5).begin(14)).toBe('broken');
  });

  it('behind control records that nobody else sees', () => {
    const partition = held(10, 5);
    partition.readUpTo(17);
    expect([partition.begin(17), partition.due()]).toEqual(['take', 10]);
  });

  it('after a rejoin, anywhere among what is held', () => {
    for (const offset of [10, 12, 15]) {
      const partition = held(10, 5);
      partition.rejoined(false);
      expect(partition.begin(offset)).toBe('take');
    }
  });

  it('after a rejoin, not behind what is held: somebody else went on', () => {
    const partition = held(10, 5);
    partition.rejoined(false);
    expect(partition.begin(16)).toBe('outdated');
  });

  it('after a rejoin, not before what was committed: the topic was made anew', () => {
    const partition = held(10, 5);
    [10, 11, 12].forEach((offset) => {
      partition.finish(offset);
    });
    partition.acknowledge(12);
    partition.rejoined(false);
    expect(partition.begin(0)).toBe('outdated');
  });
});

describe('what is due after a rejoin', () => {
  it('is nothing until a batch has shown where the commit stands', () => {
    const partition = held(10, 3);
    partition.finish(10);
    partition.rejoined(true);
    expect(partition.due()).toBeNull();
    expect([partition.begin(13), partition.due()]).toEqual(['refetch', null]);
    expect([partition.begin(10), partition.due()]).toEqual(['take', 11]);
  });

  it('is nothing that another owner has passed meanwhile: a commit never goes back', () => {
    const partition = held(10, 5);
    [10, 11].forEach((offset) => {
      partition.finish(offset);
    });
    partition.rejoined(false);
    partition.begin(13);
    expect(partition.due()).toBeNull();
    [12, 13].forEach((offset) => {
      partition.finish(offset);
    });
    expect(partition.due()).toBe(14);
  });
});

describe('what is held', () => {
  it('is not taken again after a rejoin', () => {
    const partition = held(10, 3);
    partition.finish(11);
    partition.rejoined(false);
    partition.begin(10);
    expect([10, 11, 12, 13].map((offset) => partition.take(offset))).toEqual([false, false, false, true]);
  });

  it('is due until the broker has acknowledged it', () => {
    const partition = held(10, 2);
    partition.acknowledge(10);
    expect(partition.due()).toBeNull();
    partition.finish(10);
    expect(partition.due()).toBe(11);
    partition.acknowledge(11);
    expect(partition.due()).toBeNull();
    partition.acknowledge(10);
    expect(partition.due()).toBeNull();
  });
});

describe('the bounds', () => {
  it('stop at 5,000 unsettled and go on at 2,500', () => {
    const partition = held(0, 4_999);
    expect(partition.isFull()).toBe(false);
    partition.take(4_999);
    expect(partition.isFull()).toBe(true);
    for (let offset = 0; offset < 2_499; offset += 1) partition.finish(offset);
    expect([partition.isFull(), partition.hasRoomAgain()]).toEqual([false, false]);
    partition.finish(2_499);
    expect(partition.hasRoomAgain()).toBe(true);
  });

  it('stop 200,000 away from an offset that hangs, and go on 150,000 away', () => {
    const partition = held(0, 1);
    while (!partition.isFull()) {
      const offset = partition.distance();
      partition.take(offset);
      if (offset !== 60_000) partition.finish(offset);
    }
    expect([partition.distance(), partition.unsettled()]).toEqual([200_000, 2]);
    partition.finish(0);
    expect(partition.hasRoomAgain()).toBe(true);
  });
});
