/** Name of the migrated database that every fresh one is a copy of. */
export const templateName = 'usher_template';
