import { nearestName } from '../../src/curation/nearest-name';

test('the nearest name is proposed, capitals aside, and none that is far away', () => {
  expect(nearestName('Phrasing', ['title', 'phrasings'])).toBe('phrasings');
  expect(nearestName('colour', ['title', 'phrasings', 'facts'])).toBeUndefined();
});
