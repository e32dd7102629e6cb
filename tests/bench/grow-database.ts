import BetterSqlite3 from 'better-sqlite3';

/**
 * Fills a database with copies of the conversations in it until it has `activities` activities: real rows with ids of
 * their own, the search index included. The service must not be running.
 */
export function growDatabase(file: string, activities: number): void {
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = OFF');
  const count = () => database.prepare('select count(*) from activities').pluck().get() as number;
  const template = database
    .prepare('select conversation_id from activities group by 1 order by count(*) desc limit 1')
    .pluck()
    .get() as string;
  const size = database
    .prepare('select count(*) from activities where conversation_id = ?')
    .pluck()
    .get(template) as number;
  const copies = Math.max(0, Math.ceil((activities - count()) / size));
  const perRound = 5_000;
  for (let first = 0; first < copies; first += perRound) {
    const until = Math.min(copies, first + perRound);
    database.transaction(() => {
      for (const [table, column, also] of TABLES) copy(database, table, column, also, template, first, until);
    })();
  }
  database.exec('analyze');
  database.close();
}

/** Table, the column with the conversation's id, and others in which the id stands. */
const TABLES: [table: string, column: string, also: string[]][] = [
  ['conversations', 'id', []],
  ['activities', 'conversation_id', ['id', 'activity']],
  ['bot_state', 'key', []],
  ['search_terms', 'conversation_id', []],
];

function copy(
  database: BetterSqlite3.Database,
  table: string,
  column: string,
  also: string[],
  template: string,
  first: number,
  until: number,
): void {
  const columns = database
    .prepare(`select name from pragma_table_info('${table}')`)
    .pluck()
    .all() as string[];
  const changed = new Set([column, ...also]);
  const values = columns.map((name) =>
    changed.has(name) ? `replace(row."${name}", :template, 'grown-' || n)` : `row."${name}"`,
  );
  database
    .prepare(
      `with recursive numbers(n) as (select :first union all select n + 1 from numbers where n + 1 < :until)
       insert into "${table}" (${columns.map((name) => `"${name}"`).join(', ')})
       select ${values.join(', ')} from numbers cross join "${table}" as row
       where row."${column}" in (:template, :stateKey)`,
    )
    .run({ template, stateKey: `directline/conversations/${template}/`, first, until });
}
