import { contrast, readableOn, readColour, textOn, writeColour } from '../../src/widget/colour';

test.each([
  ['#1f5f5b', '#1f5f5b'],
  ['ABC', '#aabbcc'],
  [' #fff ', '#ffffff'],
])('the owner may write the colour as %s', (text, colour) => {
  expect(writeColour(readColour(text)!)).toBe(colour);
});

test.each(['red', '#12345', 'url(https://example.com)', '', undefined])('%s is no colour', (text) => {
  expect(readColour(text)).toBeUndefined();
});

test('whatever the owner chooses, text on it and text in it can be read', () => {
  const surfaces = ['#ffffff', '#f2f4f3', '#232b2c'].map((text) => readColour(text)!);
  for (let red = 0; red <= 255; red += 17) {
    for (let green = 0; green <= 255; green += 17) {
      for (let blue = 0; blue <= 255; blue += 17) {
        const colour = [red, green, blue] as const;
        expect(contrast(colour, textOn(colour))).toBeGreaterThanOrEqual(4.5);
        for (const surface of surfaces) {
          expect(contrast(readableOn(surface, colour), surface)).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  }
});
