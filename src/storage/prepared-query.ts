import type { CompiledQuery, DialectAdapter, Kysely } from 'kysely';
import type { Schema } from './schema';

/** Stands in a query for something that is known only when it runs. */
export type ValueOf<Given> = <T>(read: (given: Given) => T) => T;

/** A query of kysely's builder, or one of its `sql` texts. */
interface Compilable<Row> {
  compile(kysely: Kysely<Schema>): CompiledQuery<Row>;
}

/** By their texts. */
const names = new Map<string, string>();

/** A name for the text of a prepared query, under which a server may keep how to run it; undefined for others. */
export function preparedName(text: string): string | undefined {
  return names.get(text);
}

/**
 * A query of every turn: built once for each of its forms and run with other values from then on, because building it
 * takes longer than SQLite takes to answer. `form` tells queries apart that differ in more than values: how many rows,
 * which columns.
 */
export function prepareQuery<Given, Row, Form extends string | number | boolean = never>(
  build: (kysely: Kysely<Schema>, value: ValueOf<Given>, form: Form) => Compilable<Row>,
): PreparedQuery<Given, Row, [Form] extends [never] ? [] : [Form]> {
  /** By engine: what one of them is asked, the other would not understand. */
  const compiled = new WeakMap<DialectAdapter, Map<Form | undefined, CompiledQuery<Row>>>();

  function queryOf(kysely: Kysely<Schema>, form: Form | undefined): CompiledQuery<Row> {
    const { adapter } = kysely.getExecutor();
    const forms = compiled.get(adapter) ?? new Map<Form | undefined, CompiledQuery<Row>>();
    compiled.set(adapter, forms);
    const query = forms.get(form) ?? build(kysely, slot, form as Form).compile(kysely);
    forms.set(form, query);
    if (!names.has(query.sql)) names.set(query.sql, `prepared_${names.size}`);
    return query;
  }

  return (kysely, given, ...[form]) => {
    const query = queryOf(kysely, form);
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof Slot ? parameter.read(given) : parameter,
    );
    return { ...query, parameters };
  };
}

/** The query with the values of this time, for `kysely.executeQuery` or `Database.writeAtOnce`. */
type PreparedQuery<Given, Row, Form extends unknown[]> = (
  kysely: Kysely<Schema>,
  given: Given,
  ...form: Form
) => CompiledQuery<Row>;

class Slot {
  constructor(readonly read: (given: unknown) => unknown) {}
}

/** Kysely takes anything as a value; the type is that of what will stand in its place. */
function slot<T>(read: (given: never) => T): T {
  return new Slot(read as (given: unknown) => T) as unknown as T;
}
