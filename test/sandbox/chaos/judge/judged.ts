import { judge } from '../../../../sandbox/chaos/judge/judge.js';
import type { History } from '../../../../sandbox/chaos/history.js';
import type { Story } from './histories.js';

/** What is told of a story: promise, request and words of each violation, in one line. */
export function told(story: Story, more: Partial<History> = {}): string[] {
  const { violations } = judge(story.history(more));
  return violations.map(({ promise, requestId, what }) => `${promise} ${requestId ?? '-'}: ${what}`);
}
