import { readFileSync } from 'node:fs';
import { applyEdit } from '../../../../sandbox/chaos/broken/build.js';
import { brokenRules } from '../../../../sandbox/chaos/broken/rules.js';

const built = (file: string): string =>
  readFileSync(new URL(`../../../../dist/${file}`, import.meta.url), 'utf8');

describe('the broken builds', () => {
  it.each(brokenRules.map((rule) => [rule.name, rule] as const))(
    'still find what they break: %s',
    (_, { edits }) => {
      for (const edit of edits) expect(applyEdit(edit, built(edit.file))).toContain(edit.replace);
    },
  );

  it.each([
    ['is not there', 'a = 1;', 0],
    ['is there twice', 'b(); b();', 2],
  ])('are not made where the place %s', (_, text, times) => {
    expect(() => applyEdit({ file: 'x.js', find: 'b();', replace: 'c();' }, text)).toThrow(
      `dist/x.js has ${times} times what is to be changed once: b();`,
    );
  });
});
