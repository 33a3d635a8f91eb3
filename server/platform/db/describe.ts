/** 数据库结构清单. What a migrated database really holds, as readable text: reviewed with every migration. */
import type pg from "pg";

/** Tables with columns, constraints, indexes and triggers, then functions and sequences; stable order, no data. */
export async function describeSchema(pool: pg.Pool): Promise<string> {
  const tables = await pool.query<{ oid: number; name: string }>(
    "select c.oid, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') order by c.relname",
  );
  const parts: string[] = [];
  for (const { oid, name } of tables.rows) {
    const columns = await pool.query<{ line: string }>(
      `select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || case when a.attnotnull then ' not null' else '' end
              || case a.attidentity when 'a' then ' generated always as identity' else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end as line
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      [oid],
    );
    const constraints = await pool.query<{ line: string }>(
      "select conname || ' ' || pg_get_constraintdef(oid) as line from pg_constraint where conrelid = $1 and contype <> 'n' order by contype desc, conname",
      [oid],
    );
    const indexes = await pool.query<{ line: string }>(
      `select pg_get_indexdef(i.indexrelid) as line from pg_index i
       where i.indrelid = $1 and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid) order by 1`,
      [oid],
    );
    const triggers = await pool.query<{ line: string }>(
      "select pg_get_triggerdef(oid) as line from pg_trigger where tgrelid = $1 and not tgisinternal order by 1",
      [oid],
    );
    const inner = [
      ...columns.rows.map((r) => `  ${r.line}`),
      ...constraints.rows.map((r) => `  constraint ${r.line}`),
    ];
    const after = [...indexes.rows, ...triggers.rows].map((r) => `${r.line};`);
    parts.push([`create table ${name} (`, `${inner.join(",\n")}`, ");", ...after].join("\n"));
  }
  const functions = await pool.query<{ line: string }>(
    "select pg_get_functiondef(p.oid) as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' order by p.proname",
  );
  const sequences = await pool.query<{ line: string }>(
    `select 'create sequence ' || c.relname as line from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'S' and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i')) order by 1`,
  );
  parts.push(...functions.rows.map((r) => `${r.line.trim()};`), ...sequences.rows.map((r) => `${r.line};`));
  return `-- What a fresh migration makes, described from the catalogue. Written by "npx jiesu schema --write"; not edited by hand.\n\n${parts.join("\n\n")}\n`;
}
