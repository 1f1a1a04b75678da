/** The list under a key, made when it is first asked for. */
export function listed<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}
