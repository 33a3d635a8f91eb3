/** 大批装入. Takes indexes and foreign keys off the tables of an empty ledger and puts the very same back after the load. */
import type pg from "pg";

interface Part {
  readonly drop: string;
  readonly create: string;
}

/**
 * Drops the foreign keys and the plain indexes of these tables; answers what puts them back. Call it in the
 * transaction of the load: a load that dies leaves nothing changed. Primary keys and unique constraints stay, and so do
 * indexes that begin with the ticket: a load only adds to their end, and triggers look rows up by them.
 */
export async function takeOff(
  client: pg.PoolClient,
  tables: readonly string[],
): Promise<() => Promise<void>> {
  const keys = await client.query<Part>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as create
     from pg_constraint where contype = 'f' and conrelid = any ($1::text[]::regclass[]) order by conname`,
    [tables],
  );
  const indexes = await client.query<Part>(
    `select format('drop index %s', i.indexrelid::regclass) as drop, pg_get_indexdef(i.indexrelid) as create
     from pg_index i
     where i.indrelid = any ($1::text[]::regclass[])
       and not exists (select 1 from pg_attribute a
                       where a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attname = 'ticket_id')
       and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
     order by i.indexrelid::regclass::text`,
    [tables],
  );
  for (const part of [...keys.rows, ...indexes.rows]) await client.query(part.drop);
  return async () => {
    await client.query("set local maintenance_work_mem = '256MB'");
    for (const part of [...indexes.rows, ...keys.rows]) await client.query(part.create);
  };
}
