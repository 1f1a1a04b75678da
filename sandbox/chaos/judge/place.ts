/** How a message of a topic is named: `partition/offset`. */
export function placeOf({
  partition,
  offset,
}: {
  partition: number | string;
  offset: number | string;
}): string {
  return `${partition}/${offset}`;
}
