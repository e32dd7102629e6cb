import type { Calibration } from '../../src/answers/calibration';
import { createKeptCalibrations } from '../../src/storage/kept-calibrations';
import { eachDatabase } from '../support/databases';

const calibration = (answer: number): Calibration => ({
  confidence: { inScope: [-1, 2.5], first: [0.25, 1e-9] },
  limits: { answer, offer: 0.7, cost: 0.9 },
  dangerFloor: 0.35,
});

eachDatabase('what the matching learnt', (open) => {
  test('is found again after a restart, number for number, and only for the same knowledge', async () => {
    const before = await open();
    await createKeptCalibrations(before).keep('knowledge-1', calibration(0.6));
    await before.close();
    const kept = createKeptCalibrations(await open());
    expect(await kept.find('knowledge-1')).toEqual(calibration(0.6));
    expect(await kept.find('knowledge-2')).toBeUndefined();
  });

  test('the newest replaces what was kept before', async () => {
    const kept = createKeptCalibrations(await open());
    await kept.keep('knowledge-1', calibration(0.6));
    await kept.keep('knowledge-2', calibration(0.7));
    expect(await kept.find('knowledge-1')).toBeUndefined();
    expect(await kept.find('knowledge-2')).toEqual(calibration(0.7));
  });

  test('what cannot be used is as good as nothing', async () => {
    const database = await open();
    await database.write((transaction) =>
      transaction
        .insertInto('kept_calibrations')
        .values([
          { key: 'damaged', calibration: '{"confidence":' },
          { key: 'of another shape', calibration: '{"weights":[1,2,3]}' },
        ])
        .execute(),
    );
    const kept = createKeptCalibrations(database);
    expect(await kept.find('damaged')).toBeUndefined();
    expect(await kept.find('of another shape')).toBeUndefined();
  });
});
