import { openDatabase } from '../../src/storage/open-database';
import { serviceSecret } from '../../src/storage/service-secrets';
import { eachDatabase, postgresPlace } from '../support/databases';

eachDatabase("the service's own secrets", (open) => {
  test('a secret is made once and stays the same over restarts', async () => {
    const before = await open();
    const secret = await serviceSecret(before, 'token-signing');
    expect(secret).toHaveLength(32);
    await before.close();
    expect(await serviceSecret(await open(), 'token-signing')).toEqual(secret);
  });

  test('each purpose has its own', async () => {
    const database = await open();
    expect(await serviceSecret(database, 'a')).not.toEqual(await serviceSecret(database, 'b'));
  });

  test('all who ask first at once get the same', async () => {
    const database = await open();
    const secrets = await Promise.all(
      Array.from({ length: 8 }, () => serviceSecret(database, 'token-signing')),
    );
    expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  });
});

test('several instances that ask first at once get the same', async () => {
  const place = await postgresPlace();
  const instances = await Promise.all([1, 2, 3].map(() => openDatabase(place.url)));
  const secrets = await Promise.all(instances.map((instance) => serviceSecret(instance, 'token-signing')));
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  for (const instance of instances) await instance.close();
  await place.remove();
});
