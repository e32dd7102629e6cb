import type { Wording } from '../answers/knowledge';
import type { Say } from './reply';

/**
 * The way to say the sentences of one wording. A sentence need not use every place that it is given; what is
 * put into a place is said as it is, braces included.
 * @throws Error, when saying: a key that the wording does not have, or a place of the sentence without a value.
 */
export function makeSay(wording: Wording): Say {
  return (key, places = {}) => {
    const sentence = wording.get(key);
    if (sentence === undefined)
      throw new Error(`The wording has no sentence "${key}": add it to wording.yaml.`);
    // Most sentences have no place in them.
    if (!sentence.includes('{')) return sentence;
    return sentence.replaceAll(/\{([^{}]*)\}/gu, (_, place: string) => {
      const value = Object.hasOwn(places, place) ? places[place] : undefined;
      if (value === undefined) throw new Error(`"${key}" says {${place}}, which is not given.`);
      return value;
    });
  };
}
