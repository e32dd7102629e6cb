import { openDatabase } from '../../src/storage/open-database';

/** Writes rows without end, twenty at a time, and prints the number of each once it is acknowledged. */
async function writeUntilKilled(url: string, round: string): Promise<void> {
  const database = await openDatabase(url);
  console.log('open');
  for (let first = 0; ; first += 20) {
    const numbers = Array.from({ length: 20 }, (_, index) => `${round}-${first + index}`);
    await Promise.all(
      numbers.map(async (key) => {
        await database.write((transaction) =>
          transaction.insertInto('bot_state').values({ key, value: '{}', etag: round }).execute(),
        );
        console.log(`kept ${key}`);
      }),
    );
  }
}

const [url = '', round = ''] = process.argv.slice(2);
void writeUntilKilled(url, round);
