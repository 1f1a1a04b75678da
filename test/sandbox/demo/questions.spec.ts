import { answer, drawTable, questions } from '../../../sandbox/demo/questions.js';
import { freshDatabase } from '../../support/database.js';

describe('questions to the audit trail', () => {
  it('are answered as a table: texts to the left, numbers to the right', () => {
    const rows = [
      ['seat-occupied', '1024'],
      [null, 7],
    ];
    expect(drawTable(['reason', 'requests'], rows)).toEqual([
      'reason         requests',
      '─────────────  ────────',
      'seat-occupied      1024',
      '–                     7',
    ]);
  });

  it('fit a terminal of 80 columns', () => {
    const lines = questions.flatMap(({ words, sql }) => [
      words,
      ...sql.split('\n').map((line) => `  ${line}`),
    ]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(questions)('can be put to the schema as it is: $words', async (question) => {
    const database = await freshDatabase();
    const lines = await answer(database.url, question).finally(() => database.drop());
    // The head of the table alone: nothing has happened there yet.
    expect(lines).toHaveLength(2);
  });
});
