import { openDatabase } from '../../src/storage/open-database';

/** Writes rows, twenty at a time, and prints the number of each once it is acknowledged; without end where `rows` is not given. */
async function writeUntilKilled(url: string, round: string, rows: number): Promise<void> {
  const database = await openDatabase(url);
  console.log('open');
  for (let first = 0; first < rows; first += 20) {
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

const [url = '', round = '', rows = 'Infinity'] = process.argv.slice(2);
void writeUntilKilled(url, round, Number(rows));
