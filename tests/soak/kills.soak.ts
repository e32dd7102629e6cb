import { killUnderLoad } from '../support/kill-under-load';
import { dataFolder } from '../support/start-service';

test('100 kills at random moments under load lose and double no acknowledged message', async () => {
  const data = dataFolder();
  const acknowledged = await killUnderLoad(data.folder, 100);
  process.stderr.write(`100 kills, ${acknowledged} acknowledged messages, 0 lost, 0 doubled\n`);
  expect(acknowledged).toBeGreaterThan(1_000);
  data.remove();
}, 1_200_000);
