/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** WCAG 2.2, 1.4.3: the least contrast of text against what is behind it. */
const LEAST_TEXT_CONTRAST = 4.5;
const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];

/** Reads `#1f5f5b` or `#abc`; undefined for anything else, so that no other text of the owner reaches a style. */
export function readColour(text: string | null | undefined): Colour | undefined {
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text?.trim() ?? '')?.[1];
  if (hex === undefined) return undefined;
  const long = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16)) as unknown as Colour;
}

/** `#rrggbb`. */
export function writeColour(colour: Colour): string {
  return '#' + colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('');
}

/** Black or white, whichever can be read on the colour; one of the two always reaches 4.5 : 1. */
export function textOn(colour: Colour): Colour {
  return contrast(colour, WHITE) >= LEAST_TEXT_CONTRAST ? WHITE : BLACK;
}

/** The colour itself where it can be read as text on the surface, else the nearest darker or lighter one that can. */
export function readableOn(surface: Colour, colour: Colour): Colour {
  const towards = textOn(surface);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, towards, share);
    if (contrast(mixed, surface) >= LEAST_TEXT_CONTRAST) return mixed;
  }
  return towards;
}

/** WCAG's ratio, 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(one: Colour, other: Colour, share: number): Colour {
  return one.map((part, at) => part + ((other[at] ?? 0) - part) * share) as unknown as Colour;
}
