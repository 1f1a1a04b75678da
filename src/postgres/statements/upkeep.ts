/** Makes one daily partition that is missing of the coming seven days; null when all are there. */
export const makePartitionStatement = {
  name: 'make partition',
  text: 'SELECT usher_make_partition(7) AS done',
};

/** Drops one daily partition older than `$1` days; null when none is due. */
export const dropPartitionStatement = {
  name: 'drop partition',
  text: 'SELECT usher_drop_partition($1) AS done',
};

/** Forgets up to `$2` rows of one kind, older than `$1` days; 0 when none is left. */
export const forgetStatement = (kind: 'ids' | 'facts' | 'dead_letters' | 'strays') => ({
  name: `forget ${kind}`,
  text: `SELECT usher_forget_${kind}($1, $2) AS done`,
});

/** The daily partitions of tomorrow (`$1` = 1) to the day in `$2` days that do not exist. */
export const missingPartitionsStatement = {
  name: 'missing partitions',
  text: `
SELECT parent || to_char(day, '_YYYYMMDD') AS name, ahead
  FROM generate_series($1::integer, $2::integer) AS ahead,
       LATERAL (SELECT (usher_now() AT TIME ZONE 'UTC')::date + ahead AS day) AS days,
       unnest(ARRAY['request_history', 'publications', 'attempts']) AS parent
 WHERE NOT EXISTS (
   SELECT FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class AS part ON part.oid = inhrelid
    WHERE inhparent = to_regclass(parent) AND part.relname = parent || to_char(day, '_YYYYMMDD'))
 ORDER BY ahead, parent`,
};
