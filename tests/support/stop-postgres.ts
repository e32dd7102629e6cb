/** jest's globalTeardown: ends the server that start-postgres.ts has started and removes its data. */
export default async function stopAfterAllTests(): Promise<void> {
  await globalThis.testPostgres?.stop();
}
